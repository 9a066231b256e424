package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Cost is what one argon2id hash takes (RFC 9106).
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

// UsualCost is the cost of new hashes: 61 ms on one core of the machine it was chosen on
// (BenchmarkHash). A hash with another cost is replaced at the next log-in.
func UsualCost() Cost { return Cost{MemoryKiB: 32 << 10, Passes: 3, Lanes: 1} }

// Bounds. A stored hash beyond them was not made here and must not eat the memory of the server.
const (
	maxHashes    = 4  // computed at once: 4 × 32 MiB
	maxWaiting   = 64 // more are sent away
	saltBytes    = 16
	sumBytes     = 32
	maxMemoryKiB = 1 << 20
	maxPasses    = 20
	maxLanes     = 16
)

// hasher makes and checks password hashes, few at a time. It is safe for concurrent use.
type hasher struct {
	cost    Cost
	slots   chan struct{}
	waiting atomic.Int64
	nobody  string       // a hash that no password has
	done    atomic.Int64 // hashes computed so far
}

func newHasher(c Cost) *hasher {
	if c == (Cost{}) {
		c = UsualCost()
	}
	h := &hasher{cost: c, slots: make(chan struct{}, maxHashes)}
	h.nobody = phc{c, randomBytes(saltBytes), randomBytes(sumBytes)}.String()
	return h
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // documented never to fail
	return b
}

// make returns the hash of a new password.
func (h *hasher) make(ctx context.Context, password string) (string, error) {
	p := phc{cost: h.cost, salt: randomBytes(saltBytes)}
	var err error
	p.sum, err = h.sum(ctx, password, p)
	return p.String(), err
}

// check says whether a password has the stored hash, and whether the hash should be made anew with
// the present cost. An account without a hash takes as long as one with it.
func (h *hasher) check(ctx context.Context, stored, password string) (ok, outdated bool, err error) {
	known := stored != ""
	if !known {
		stored = h.nobody
	}
	p, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	sum, err := h.sum(ctx, password, p)
	if err != nil {
		return false, false, err
	}
	same := subtle.ConstantTimeCompare(sum, p.sum) == 1
	return same && known, p.cost != h.cost, nil
}

// sum waits for a free slot and computes. Characters that look the same are the same, however a
// keyboard composes them.
func (h *hasher) sum(ctx context.Context, password string, p phc) ([]byte, error) {
	if h.waiting.Add(1) > maxWaiting {
		h.waiting.Add(-1)
		return nil, fault.New(fault.Unavailable, "系统繁忙，请稍后重试")
	}
	defer h.waiting.Add(-1)
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, fault.New(fault.Unavailable, "系统繁忙，请稍后重试").Wrap(ctx.Err())
	}
	defer func() { <-h.slots }()
	h.done.Add(1)
	return argon2.IDKey([]byte(norm.NFC.String(password)), p.salt, p.cost.Passes, p.cost.MemoryKiB,
		p.cost.Lanes, sumBytes), nil
}

// phc is a hash with its parameters, as the PHC string format writes them:
// $argon2id$v=19$m=32768,t=3,p=1$salt$sum.
type phc struct {
	cost      Cost
	salt, sum []byte
}

func (p phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.cost.MemoryKiB,
		p.cost.Passes, p.cost.Lanes, base64.RawStdEncoding.EncodeToString(p.salt),
		base64.RawStdEncoding.EncodeToString(p.sum))
}

var errPHC = errors.New("stored password hash cannot be read")

// parsePHC reads what String writes, and nothing else.
func parsePHC(s string) (phc, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 {
		return phc{}, errPHC
	}
	var p phc
	_, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.cost.MemoryKiB, &p.cost.Passes, &p.cost.Lanes)
	if err != nil {
		return phc{}, errors.Join(errPHC, err)
	}
	if p.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil {
		return phc{}, errors.Join(errPHC, err)
	}
	if p.sum, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil {
		return phc{}, errors.Join(errPHC, err)
	}
	if p.String() != s || !p.cost.sane() || len(p.salt) < 8 || len(p.salt) > 64 ||
		len(p.sum) != sumBytes {
		return phc{}, errPHC
	}
	return p, nil
}

func (c Cost) sane() bool {
	return c.Passes >= 1 && c.Passes <= maxPasses && c.Lanes >= 1 && c.Lanes <= maxLanes &&
		c.MemoryKiB >= 8*uint32(c.Lanes) && c.MemoryKiB <= maxMemoryKiB
}
