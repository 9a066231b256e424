package identity

// Events of this room. The object is the id of the account or claim.
const (
	EventAccountCreated = "identity.account.created.v1"
	EventAccountStatus  = "identity.account.status.v1" // data: the status
	EventRoleGranted    = "identity.role.granted.v1"   // data: RoleEvent
	EventRoleRevoked    = "identity.role.revoked.v1"   // data: RoleEvent
	EventClaimSubmitted = "identity.claim.submitted.v1"
	EventClaimMoved     = "identity.claim.moved.v1" // data: ClaimEvent
	// EventCodesGuessed tells that somebody who knows the password of an account keeps guessing
	// the second factor: the owner should change the password.
	EventCodesGuessed = "identity.codes.guessed.v1"
)

// RoleEvent is the data of the events about roles.
type RoleEvent struct {
	Role   string `json:"role"`
	Org    string `json:"org,omitempty"`
	Region string `json:"region,omitempty"`
}

// ClaimEvent is the data of EventClaimMoved.
type ClaimEvent struct {
	Step  string `json:"step"`
	State string `json:"state"`
	Org   string `json:"org,omitempty"`
}
