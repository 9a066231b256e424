package sheet

// Limits of a file that is read. They bound memory as well as time: a file at all limits at once
// is read with less than 300 MB.
const (
	MaxFileBytes     = 20 << 20  // the file as sent
	MaxUnzippedBytes = 200 << 20 // all parts of an XLSX together, as its directory declares
	MaxPartBytes     = 64 << 20  // one part that is read: a sheet, the shared strings
	MaxTextBytes     = 64 << 20  // the text of all cells, shared strings included
	MaxZipParts      = 2_000     // parts of an XLSX
	MaxZipRatio      = 200       // packed to unpacked, for parts above zipRatioFrom
	MaxSharedStrings = 1_000_000
	MaxStyles        = 65_536 // cell formats; Excel itself stops at 65,490
	MaxSheets        = 255
	MaxRows          = 20_000 // rows with content; a Spec may ask for fewer
	MaxColumns       = 50
	MaxCellChars     = 32_767 // UTF-16 units, Excel's own limit

	zipRatioFrom     = 1 << 20
	maxCellBytes     = 4 * MaxCellChars
	maxTokenBytes    = 512 << 10 // one XML tag or text; a full cell of character references fits
	maxSheetRow      = 1_048_576 // Excel's last row
	maxMerges        = 50_000    // merged ranges of a sheet
	maxMergedCells   = 2_000_000 // cells they cover together; rows without content do not count
	headerSearchRows = 10        // a title or a note may stand above the header
)

// MaxExportRows bounds what Write writes: Excel's rows less the header and some room.
const MaxExportRows = 1_000_000

// MaxProblems is how many problems of a file are kept; all are counted.
const MaxProblems = 500

// FieldFile is the name of the form or JSON field that carries an uploaded table; faults about the
// file as a whole are reported at it.
const FieldFile = "file"
