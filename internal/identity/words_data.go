package identity

// Why roles are held that nobody granted at a page. They are stored as they stand here.
const (
	basisSetup = "系统初始化"
	basisClaim = "认领 "
)
