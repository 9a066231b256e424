// Package id makes and checks identifiers: our own ids, random tokens, and the numbers that the
// state gives to organisations and people.
package id

import (
	"crypto/rand"
	"encoding/base64"
	"sync"
	"time"
)

// alphabet is Crockford's base 32 in lower case: no i, l, o, u, sorted by byte value.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// length of an id: 48 bits of milliseconds and 82 bits of chance, 5 bits a character.
const length = 26

var last struct {
	sync.Mutex
	ms  int64
	seq uint32
}

// New returns an id of 26 characters. Ids made later by one process sort later, by the millisecond
// and then by a counter of 20 bits that starts at a random place; 60 bits of chance remain, so an
// id can be found only by somebody who was told it, but permission never rests on that.
func New() string {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		panic(err) // documented never to happen
	}
	ms, seq := tick(uint32(random[0])<<8 | uint32(random[1]))
	var out [length]byte
	put(out[0:10], uint64(ms))
	put(out[10:14], uint64(seq))
	for i := range 12 {
		out[14+i] = alphabet[random[2+i]&31]
	}
	return string(out[:])
}

// tick returns the millisecond and a counter that grows within it.
func tick(start uint32) (int64, uint32) {
	last.Lock()
	defer last.Unlock()
	ms := time.Now().UnixMilli()
	if ms > last.ms {
		last.ms, last.seq = ms, start
		return last.ms, last.seq
	}
	last.seq++
	if last.seq >= 1<<20 {
		last.ms, last.seq = last.ms+1, start
	}
	return last.ms, last.seq
}

func put(dst []byte, v uint64) {
	for i := len(dst) - 1; i >= 0; i-- {
		dst[i] = alphabet[v&31]
		v >>= 5
	}
}

// Valid reports whether s has the shape of an id made by New.
func Valid(s string) bool {
	if len(s) != length {
		return false
	}
	for i := range len(s) {
		c := s[i]
		ok := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' && c != 'i' && c != 'l' && c != 'o' && c != 'u'
		if !ok {
			return false
		}
	}
	return true
}

// Token returns n random bytes in URL-safe base 64 without padding.
func Token(n int) string {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		panic(err) // documented never to happen
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
