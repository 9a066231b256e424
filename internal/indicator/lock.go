package indicator

import "github.com/yuntu-city/yuntu/engine/series"

// What a lock closes.
const (
	LockSet       = "set"
	LockIndicator = "indicator"
)

// Lock (锁定) closes a set or an indicator for the periods within one.
type Lock struct {
	ID            string        `json:"id"`
	Kind          string        `json:"kind"`   // LockSet or LockIndicator
	Object        string        `json:"object"` // its id
	Name          string        `json:"name"`
	Period        series.Period `json:"period"`
	Reason        string        `json:"reason"`
	LockedUs      int64         `json:"lockedUs"`
	LockedLogin   string        `json:"lockedLogin"`
	UnlockedUs    int64         `json:"unlockedUs,omitempty"` // 0 = locked
	UnlockedLogin string        `json:"unlockedLogin,omitempty"`
	UnlockReason  string        `json:"unlockReason,omitempty"`
	Version       int64         `json:"version"`
}
