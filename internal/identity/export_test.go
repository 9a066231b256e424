package identity

import "time"

// Hashes returns how many password hashes were computed.
func (s *Service) Hashes() int64 { return s.hasher.done.Load() }

// Bounds that tests go up to.
const (
	MaxSessions  = maxSessions
	MaxCodeTries = maxCodeTries
	AlarmCodes   = alarmCodes
	CodeTime     = codeTime
	KeepHashes   = keepHashes
	FlowTime     = flowTime
)

// WrongPassword returns the keys of what is wrong with a password.
func WrongPassword(password, login string) string {
	if fs := wrongPassword("password", password, login); len(fs) > 0 {
		return fs[0].Key
	}
	return ""
}

// PauseOf returns the pause after so many failures of a log-in.
func PauseOf(failures int64) time.Duration { return paceLogin.pause(failures) }

// LongestPause is the longest pause of a log-in.
func LongestPause() time.Duration { return paceLogin.longest }

// FreeTries is how many failures of a log-in cost nothing.
func FreeTries() int { return int(paceLogin.free) }

// Network returns the prefix that an address belongs to.
func Network(address string) string { return network(address) }
