package sheet

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	// The file as a whole.
	"文件超过 %d MB": "The file is larger than %d MB.",
	"文件是空的":      "The file is empty.",
	"这是 %s 文件，不是表格；请上传 .xlsx 或 .csv": "This is a %s file, not a table. Please send .xlsx or " +
		".csv.",
	"文件已加密，请另存为不加密的 .xlsx":          "The file is encrypted. Save it as .xlsx without a password.",
	"这是旧版 .xls（或 .et）文件，请另存为 .xlsx": "This is an old .xls (or .et) file. Save it as .xlsx.",
	"这是二进制工作簿（.xlsb），请另存为 .xlsx":    "This is a binary workbook (.xlsb). Save it as .xlsx.",
	"这是 OpenDocument 文件，请另存为 .xlsx": "This is an OpenDocument file. Save it as .xlsx.",
	"这是 Word 或 PowerPoint 文件，不是表格":  "This is a Word or PowerPoint file, not a table.",
	"这是压缩包，不是表格；请解压后上传其中的 .xlsx": "This is an archive, not a table. Unpack it and send the " +
		".xlsx inside.",
	"这是 XML 文件，不是 .xlsx；请在 Excel 中打开后另存为 .xlsx": "This is an XML file, not .xlsx. Open it in " +
		"Excel and save it as .xlsx.",
	"这是网页（HTML）文件，不是 Excel；请在 Excel 中打开后另存为 .xlsx": "This is a web page (HTML), not an Excel " +
		"file. Open it in Excel and save it as .xlsx.",
	"文件已损坏或没有传完，无法打开；请重新保存后上传": "The file is damaged or incomplete and cannot be opened. Save " +
		"it again and send it once more.",
	"文件内部的部件超过 %d 个，不是正常的表格": "The file has more than %d parts inside; that is no ordinary " +
		"table.",
	"文件解压后超过 %d MB，已拒绝": "The file unpacks to more than %d MB and was refused.",
	"文件的压缩比超过 %d 倍，疑似压缩炸弹，已拒绝": "The file is compressed more than %d times, as a zip bomb is, " +
		"and was refused.",
	"文件内容过多，超过读取上限，请分批导入": "The file holds more than can be read at once. Please import it in " +
		"parts.",
	"文件超过 %d 行，请分批导入": "The file has more than %d rows. Please import it in parts.",
	"第 %d 行超过 %d 列，请删去多余的列": "Row %d has more than %d columns. Remove those that are not " +
		"needed.",
	"第 %d 行有单元格超过 %d 字": "A cell in row %d has more than %d characters.",
	"有单元格超过 %d 字":       "A cell has more than %d characters.",
	"第 %d 行的引号没有成对，或单元格超过 %d 字": "In row %d a quotation mark is not closed, or a cell has more " +
		"than %d characters.",
	"无法识别文件的文字编码，请另存为“CSV UTF-8”": "The text encoding of the file is unclear. Save it as “CSV " +
		"UTF-8”.",
	"文件是 UTF-8 编码，但第 %d 行有损坏的字符，请重新导出": "The file is UTF-8, but row %d has a damaged " +
		"character. Please export it again.",
	"文件含有空字节，不是文本；若来自 Excel，请另存为“CSV UTF-8”": "The file holds zero bytes and is no text. If it " +
		"comes from Excel, save it as “CSV UTF-8”.",

	// How it was read.
	"按 %s 读取": "Read as %s",
	"文件名是 %s，内容其实是 %s，已按内容读取": "The name says %s, but the content is %s; it was read as the " +
		"latter.",
	"文件里有 %d 个“�”，是以前转换编码时丢失的文字，请核对": "The file holds %d “�”: text lost in an earlier " +
		"conversion. Please check.",
	"文件含有宏；只读取数据，宏不会运行":  "The file has macros. Only its data is read; macros never run.",
	"文件里没有工作表":           "The file has no worksheet.",
	"只读取了工作表“%s”，未读取：%s": "Only the sheet “%s” was read, not: %s",
	"%s 列有内容但没有表头，未读取":   "Column %s has content but no header and was not read",

	// The header.
	"没有找到表头，请用下载的模板填写":        "No header row was found. Please use the template.",
	"表头单元格 %s%d 是合并单元格，请取消合并": "Header cell %s%d is merged. Please unmerge it.",
	"“%s”列出现了两次：%s 列和 %s 列":   "Column “%s” appears twice: in %s and %s",
	"缺少必填的列“%s”":              "The required column “%s” is missing",

	// Rows and cells.
	"第 %d 行":        "Row %d",
	"第 %d 行“%s”":    "Row %d “%s”",
	"第 %d 行：%s":     "Row %d: %s",
	"第 %d 行“%s”：%s": "Row %d “%s”: %s",
	"表格有 %d 处问题，涉及 %d 行，未导入任何数据": "The table has %d problems in %d rows. Nothing was imported.",
	"与第 %d 行重复": "Repeats row %d",
	"这一行比表头多出 %d 列，请检查引号和分隔符": "The row has %d cells more than the header. Check quotation " +
		"marks and separators.",
	"必填": "Required",
	"该单元格是数字格式，超过 15 位已丢失精度；请设为文本格式后重新填写": "The cell is a number with more than 15 digits, so " +
		"digits were lost. Format it as text and type it again.",
	"该单元格是公式且没有计算结果，请改为数值或文字": "The cell is a formula without a result. Replace it by its " +
		"value.",
	"该单元格属于合并单元格，请取消合并并逐行填写": "The cell is part of a merged cell. Unmerge it and fill in every " +
		"row.",
	"该单元格是错误值 %s": "The cell holds the error %s",
	"“%s”是科学记数，原来的数字已丢失；请设为文本格式后重新填写": "“%s” is in scientific notation and has lost its " +
		"digits. Format it as text and type it again.",
	"“%s”不是整数":                "“%s” is not a whole number",
	"“%s”不是日期，请写成 2026-11-22": "“%s” is not a date; write 2026-11-22",
	"“%s”不在可选值中，可填：%s":        "“%s” is not one of the allowed values: %s",
	"“%s”应为“是”或“否”":           "“%s” should be Yes or No",

	// The template.
	"填写说明":            "Instructions",
	"可选值":             "Allowed values",
	"列名":              "Column",
	"填写格式":            "Format",
	"填写提示":            "Help",
	"是":               "Yes",
	"否":               "No",
	"请从列表中选择":         "Please choose from the list.",
	"一次最多 %d 行":       "At most %d rows at a time",
	"按原样填写，保留前面的 0":   "As it stands, leading zeros included",
	"整数":              "Whole number",
	"金额":              "Amount",
	"金额，单位：元":         "Amount in yuan",
	"金额，单位：万元":        "Amount in 10,000 yuan",
	"日期，如 2026-11-22": "Date, such as 2026-11-22",
	"从列表中选择":          "From the list",
	"“是”或“否”":         "Yes or No",

	// The export.
	"导出说明":           "Export note",
	"导出内容":           "Content",
	"导出人":            "Exported by",
	"导出时间":           "Exported at",
	"筛选条件":           "Filter",
	"导出行数":           "Rows",
	"未筛选":            "None",
	"截断说明":           "Cut",
	"导出人 %s，导出时间 %s": "Exported by %s at %s",
	"导出超过 %d 行，请先筛选": "More than %d rows to export. Please filter first.",
	"%d 个单元格超过 %d 字，已在末尾截断": "%d cells have more than %d characters and were cut at the end",
	"问题（重新导入时忽略本列）":         "Problems (this column is ignored when imported again)",
	"共 %d 处问题，本表列出前 %d 处":   "%d problems in all; the first %d are listed",
})
