//go:build linux && (amd64 || arm64)

package filemap

import (
	"sync"
	"syscall"
	"time"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// name is what SQLite knows the file system as.
const name = "yuntu-filemap"

// slack is how many bytes must follow a page that is lent: SQLite reads a little beyond a damaged one.
const slack = 256

// often is how often the mapping leaves memory while others write. Pages that are looked at come back, with
// one fault for sixteen of them; those that a long walk through the file looked at once do not.
const often = 10 * time.Second

// lent is what a file of SQLite carries behind its own fields: where its mapping lies, 0 without one, and
// how far the file reached when it was last asked. A connection and its file belong to one goroutine at a
// time.
type lent struct {
	base uintptr
	size int64
}

// A lender is a table of methods that lends pages of the mapping. It begins with what SQLite calls, and
// knows what SQLite's own table would have called to close. It lies in SQLite's memory, where the collector
// does not look: only functions without variables stand in it.
type lender struct {
	sqlite3.Tsqlite3_io_methods
	close uintptr
}

// A mapping is one of a file of the system, as long as a connection has the file open.
type mapping struct {
	bytes     []byte
	users     int
	forgotten time.Time // when it last left memory
}

var (
	register = sync.OnceValue(add)

	system     sqlite3.Tsqlite3_vfs // SQLite's own
	systemAddr uintptr
	mine       sqlite3.Tsqlite3_vfs

	limit       int64 = Limit // tests map less,
	forgetEvery       = often // and forget sooner

	mu       sync.Mutex
	methods  = map[uintptr]uintptr{}  // of lenders, by the address of SQLite's own
	mappings = map[uintptr]*mapping{} // by the address of SQLite's record of the file
)

// Name returns the name of the file system of SQLite to open a reader with, "" for its own.
func Name() string { return register() }

// add makes a copy of SQLite's file system in which an opened database lends its pages differently.
func add() string {
	tls := libc.NewTLS()
	defer tls.Close()
	if systemAddr = sqlite3.Xsqlite3_vfs_find(tls, 0); systemAddr == 0 {
		return ""
	}
	system = *at[sqlite3.Tsqlite3_vfs](systemAddr)
	text, err := libc.CString(name)
	if err != nil {
		return ""
	}
	mine = system
	mine.FpNext, mine.FzName = 0, text
	mine.FszOsFile = tail() + int32(unsafe.Sizeof(lent{}))
	*(*func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32)(unsafe.Pointer(&mine.FxOpen)) = open
	if sqlite3.Xsqlite3_vfs_register(tls, uintptr(unsafe.Pointer(&mine)), 0) != sqlite3.SQLITE_OK {
		return ""
	}
	return name
}

// tail is where lent lies in a file of SQLite.
func tail() int32 { return (system.FszOsFile + 7) &^ 7 }

func lentOf(file uintptr) *lent { return at[lent](file + uintptr(tail())) }

// at is what lies at an address of memory that SQLite has allocated: the collector knows nothing of it
// and moves nothing there.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// method is a function of SQLite, called by its address.
func method[F any](address uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{address})) }

// open opens as SQLite does, and gives the file of a database our methods.
func open(tls *libc.TLS, _, path, file uintptr, flags int32, out uintptr) int32 {
	*lentOf(file) = lent{}
	rc := method[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](system.FxOpen)(
		tls, systemAddr, path, file, flags, out)
	if rc != sqlite3.SQLITE_OK || flags&sqlite3.SQLITE_OPEN_MAIN_DB == 0 {
		return rc
	}
	f := at[sqlite3.TunixFile](file)
	if at[sqlite3.Tsqlite3_io_methods](f.FpMethod).FiVersion < 3 || f.FpInode == 0 {
		return rc // a file without pages to lend
	}
	mu.Lock()
	defer mu.Unlock()
	ours := lending(tls, f.FpMethod)
	if ours == 0 {
		return rc // SQLite's own way works always
	}
	m := mappings[f.FpInode]
	if m == nil {
		bytes, err := syscall.Mmap(int(f.Fh), 0, int(limit), syscall.PROT_READ, syscall.MAP_SHARED)
		if err != nil {
			return rc
		}
		m = &mapping{bytes: bytes, forgotten: clock.System().Now()}
		mappings[f.FpInode] = m
	}
	m.users++
	lentOf(file).base = uintptr(unsafe.Pointer(unsafe.SliceData(m.bytes)))
	f.FpMethod = ours
	return rc
}

// lending returns a table with SQLite's methods and ours in place of those that lend pages, 0 without
// memory for it. mu is held.
func lending(tls *libc.TLS, address uintptr) uintptr {
	if ours, ok := methods[address]; ok {
		return ours
	}
	own := *at[sqlite3.Tsqlite3_io_methods](address)
	ours := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(lender{})))
	if ours == 0 {
		return 0
	}
	m := at[lender](ours)
	*m = lender{own, own.FxClose}
	*(*func(*libc.TLS, uintptr) int32)(unsafe.Pointer(&m.FxClose)) = closeFile
	*(*func(*libc.TLS, uintptr, int64, int32, uintptr) int32)(unsafe.Pointer(&m.FxFetch)) = fetch
	*(*func(*libc.TLS, uintptr, int64, uintptr) int32)(unsafe.Pointer(&m.FxUnfetch)) = unfetch
	methods[address] = ours
	return ours
}

// fetch lends a page, or leaves *page nil: then SQLite reads it.
func fetch(_ *libc.TLS, file uintptr, offset int64, length int32, page uintptr) int32 {
	l := lentOf(file)
	if l.size == 0 {
		l.size = sizeOf(file)
	}
	*at[uintptr](page) = 0
	if end := offset + int64(length) + slack; end <= min(l.size, limit) {
		*at[uintptr](page) = l.base + uintptr(offset)
	}
	return sqlite3.SQLITE_OK
}

// unfetch gets a page back. Without one it is told that another connection has written: the file may
// have become longer, or shorter.
func unfetch(_ *libc.TLS, file uintptr, _ int64, page uintptr) int32 {
	if page == 0 {
		lentOf(file).size = sizeOf(file)
		forget(at[sqlite3.TunixFile](file).FpInode)
	}
	return sqlite3.SQLITE_OK
}

// forget lets a mapping leave memory if that was long ago. The system keeps the pages of the file.
func forget(inode uintptr) {
	now := clock.System().Now()
	mu.Lock()
	m := mappings[inode]
	due := m != nil && now.Sub(m.forgotten) >= forgetEvery
	if due {
		m.forgotten = now
	}
	mu.Unlock()
	if due { // whoever calls has it open, so that it stays
		syscall.Madvise(m.bytes, syscall.MADV_DONTNEED) // advice: it may be refused
	}
}

// sizeOf is how long the file is, 0 if the system does not say.
func sizeOf(file uintptr) int64 {
	var s syscall.Stat_t
	if err := syscall.Fstat(int(at[sqlite3.TunixFile](file).Fh), &s); err != nil {
		return 0
	}
	return s.Size
}

// closeFile closes as SQLite does, and drops the mapping with its last user.
func closeFile(tls *libc.TLS, file uintptr) int32 {
	f := at[sqlite3.TunixFile](file)
	drop(f.FpInode)
	return method[func(*libc.TLS, uintptr) int32](at[lender](f.FpMethod).close)(tls, file)
}

func drop(inode uintptr) {
	mu.Lock()
	defer mu.Unlock()
	m := mappings[inode]
	if m == nil {
		return
	}
	if m.users--; m.users == 0 {
		delete(mappings, inode)
		syscall.Munmap(m.bytes) // refused only for what is no mapping
	}
}
