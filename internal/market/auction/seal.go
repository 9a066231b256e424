package auction

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Sealed bids (密封报价).

var (
	qSealedSet = db.Stmt(`INSERT INTO auction_sealed (auction, applicant, n, cipher, at_us)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (auction, applicant) DO UPDATE SET n = $3, cipher = $4, at_us = $5`)
	qSealed = db.Stmt(`SELECT applicant, n, cipher, at_us FROM auction_sealed WHERE auction = $1
		ORDER BY n`)
	qSealedOwn = db.Stmt(`SELECT applicant, n, cipher, at_us FROM auction_sealed
		WHERE auction = $1 AND applicant = $2`)
	qSealedDrop = db.Stmt(`DELETE FROM auction_sealed WHERE auction = $1`)
)

// sealer encrypts amounts so that who reads the database or a backup of it learns nothing.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, fmt.Errorf("auction: key for sealed bids: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	return sealer{aead}, err
}

// place ties a sealed amount to its row, so that rows cannot be exchanged.
func place(auction, applicant string, n int64) []byte {
	return []byte(auction + "|" + applicant + "|" + strconv.FormatInt(n, 10))
}

// The amount is written with a fixed width: its length must not tell its size.
const amountWidth = 20

func (s sealer) seal(fen money.Fen, at []byte) string {
	nonce := make([]byte, s.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		panic(err) // documented never to happen
	}
	text := fmt.Appendf(nil, "%0*d", amountWidth, int64(fen))
	return base64.RawStdEncoding.EncodeToString(s.aead.Seal(nonce, nonce, text, at))
}

var errSealed = errors.New("auction: a sealed bid cannot be opened: wrong key or changed row")

func (s sealer) open(text string, at []byte) (money.Fen, error) {
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw) < s.aead.NonceSize() {
		return 0, errSealed
	}
	plain, err := s.aead.Open(nil, raw[:s.aead.NonceSize()], raw[s.aead.NonceSize():], at)
	if err != nil {
		return 0, errSealed
	}
	n, err := strconv.ParseInt(string(plain), 10, 64)
	if err != nil {
		return 0, errSealed
	}
	return money.Fen(n), nil
}

// sealedBid is one row of sealed bids.
type sealedBid struct {
	applicant, cipher string
	n, atUs           int64
}

func scanSealed(r db.Row) (sealedBid, error) {
	var b sealedBid
	err := r.Scan(&b.applicant, &b.n, &b.cipher, &b.atUs)
	return b, err
}

// bidSealed keeps a sealed bid. Nothing else changes: not the auction, its version or its times, and
// the trail says only that somebody handed in a bid.
func (s *Service) bidSealed(
	ctx context.Context, tx *unit.Tx, x Item, a Applicant, fen money.Fen,
) (MyBid, error) {
	at := s.nowUs()
	if at >= x.ClosesUs {
		return MyBid{}, fault.New(fault.Conflict, "竞价已于 %s 结束", second(x.ClosesUs))
	}
	var f occasion.Faults
	f.Money("fen", fen, true)
	if fen > 0 && fen < x.StartFen {
		f.Add("fen", "出价不能低于 %s 元", yuan(x.StartFen))
	}
	if err := f.Err(); err != nil {
		return MyBid{}, err
	}
	n, err := next(ctx, tx, "sealed:"+x.ID)
	if err != nil {
		return MyBid{}, err
	}
	err = db.ExecOne(ctx, tx.Tx, qSealedSet, x.ID, a.ID, n,
		s.seal.seal(fen, place(x.ID, a.ID, n)), at)
	if err != nil {
		return MyBid{}, err
	}
	tx.Audit(audit.Entry{Kind: kindApplicant, Object: a.ID, What: "bid_sealed"})
	return MyBid{Fen: fen, AtUs: at}, nil
}

// reveal opens the sealed bids into the log.
func (s *Service) reveal(
	ctx context.Context, tx *unit.Tx, x Item, st State, at int64,
) (State, error) {
	list, err := db.All(ctx, tx, qSealed, scanSealed, x.ID)
	if err != nil {
		return st, err
	}
	for _, b := range list {
		fen, err := s.seal.open(b.cipher, place(x.ID, b.applicant, b.n))
		if err != nil {
			return st, fmt.Errorf("%s: %w", x.Code, err)
		}
		st, err = record(ctx, tx, x, st, Event{AtUs: at, Kind: EvReveal, Who: b.applicant, Fen: fen})
		if err != nil {
			return st, err
		}
	}
	_, err = db.Exec(ctx, tx.Tx, qSealedDrop, x.ID)
	return st, err
}

// mySealed opens the actor's own bid.
func (s *Service) mySealed(ctx context.Context, q db.Q, x Item, a Applicant) (*MyBid, error) {
	b, found, err := db.Find(ctx, q, qSealedOwn, scanSealed, x.ID, a.ID)
	if err != nil || !found {
		return nil, err
	}
	fen, err := s.seal.open(b.cipher, place(x.ID, b.applicant, b.n))
	return &MyBid{Fen: fen, AtUs: b.atUs}, err
}
