package unit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// maxKey bounds an idempotency key, in bytes.
const maxKey = 200

// KeepKeys is how long a key protects against a second execution.
const KeepKeys = 7 * 24 * time.Hour

type kept struct{ useCase, inputHash, result string }

var (
	// An update that changes nothing, because what it returns may not be on the disk yet: the commit
	// of a change waits for everything before it, that of a query for nothing.
	qKept = db.Stmt(`UPDATE idempotency SET result = result
		WHERE account = $1 AND idem_key = $2 RETURNING use_case, input_hash, result`)
	// A twin that is still running makes this wait; one that has committed makes it insert nothing.
	qClaim = db.Stmt(`INSERT INTO idempotency
		(account, idem_key, use_case, input_hash, result, created_us)
		VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT (account, idem_key) DO NOTHING`)
	qKeep   = db.Stmt(`UPDATE idempotency SET result = $3 WHERE account = $1 AND idem_key = $2`)
	qForget = db.Stmt(`DELETE FROM idempotency WHERE created_us < $1`)
)

func scanKept(r db.Row) (kept, error) {
	var k kept
	err := r.Scan(&k.useCase, &k.inputHash, &k.result)
	return k, err
}

// Once is Write for requests that may arrive twice. With an empty key it is just Write. Otherwise
// the first execution stores its result under the actor's account and key, and a second one with
// the same input returns that result without running fn; a different input is a Conflict. An
// execution that failed left nothing behind and may be repeated. The returned bool says whether the
// result is a stored one; it went through JSON.
func Once[T any](
	ctx context.Context, u *Unit, by authz.Actor, useCase, key string, input any,
	fn func(*Tx) (T, error),
) (T, bool, error) {
	var out, none T
	r := repeatable{
		run:  func(t *Tx) (err error) { out, err = fn(t); return err },
		save: func() ([]byte, error) { return json.Marshal(out) },
		load: func(stored []byte) error { out = none; return json.Unmarshal(stored, &out) },
	}
	replayed, err := u.once(ctx, by, useCase, key, input, r)
	if err != nil {
		return none, false, err
	}
	return out, replayed, nil
}

// repeatable is a use case whose result is kept, without the type of the result.
type repeatable struct {
	run  func(*Tx) error
	save func() ([]byte, error) // the result as JSON
	load func([]byte) error     // takes the result of the first execution
}

func (u *Unit) once(
	ctx context.Context, by authz.Actor, useCase, key string, input any, r repeatable,
) (replayed bool, err error) {
	if key == "" {
		return false, u.Write(ctx, by, useCase, r.run)
	}
	if len(key) > maxKey {
		return false, fault.New(fault.Invalid, "幂等键超过 %d 个字节", maxKey)
	}
	sum, err := inputHash(useCase, input)
	if err != nil {
		return false, err
	}
	err = u.Write(ctx, by, useCase, func(t *Tx) error {
		var err error
		replayed, err = r.once(ctx, t, useCase, key, sum)
		return err
	})
	return replayed, err
}

// once claims the key before it runs, so that a twin cannot run at the same time and stumble over what this one
// stores.
func (r repeatable) once(ctx context.Context, t *Tx, useCase, key, sum string) (replayed bool, err error) {
	n, err := db.Exec(ctx, t.Tx, qClaim, t.by.Account, key, useCase, sum, t.nowUs)
	if err != nil {
		return false, err
	}
	if n == 0 {
		old, err := db.Get(ctx, t.Tx, qKept, scanKept, t.by.Account, key)
		if err != nil {
			return false, err
		}
		if old.useCase != useCase || old.inputHash != sum {
			return false, fault.New(fault.Conflict, "这个幂等键已用于另一项请求")
		}
		t.own++
		return true, r.load([]byte(old.result))
	}
	if err := r.run(t); err != nil {
		return false, err
	}
	result, err := r.save()
	if err != nil {
		return false, fmt.Errorf("encode result of %s: %w", useCase, err)
	}
	t.own += 2 // the claim and its result
	return false, db.ExecOne(ctx, t.Tx, qKeep, t.by.Account, key, string(result))
}

// inputHash sums up an input: what its JSON says, and which record it is about, which stands in the
// address of a request and is left out of the JSON of most inputs.
func inputHash(useCase string, input any) (string, error) {
	b, err := json.Marshal(input)
	if err != nil {
		return "", fmt.Errorf("encode input of %s: %w", useCase, err)
	}
	address, err := json.Marshal(leftOut(reflect.ValueOf(input)))
	if err != nil {
		return "", fmt.Errorf("encode input of %s: %w", useCase, err)
	}
	sum := sha256.Sum256(append(b, address...))
	return hex.EncodeToString(sum[:]), nil
}

// leftOut collects the texts and whole numbers of an input that its JSON leaves out.
func leftOut(v reflect.Value) []any {
	var out []any
	switch v.Kind() {
	case reflect.Interface:
		return leftOut(v.Elem())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Interface { // an input with what belongs to it
			for _, x := range v.Seq2() {
				out = append(out, leftOut(x)...)
			}
		}
		return out
	case reflect.Struct:
	default:
		return out
	}
	for f, x := range v.Fields() {
		switch {
		case f.Anonymous && f.Tag.Get("json") != "-":
			out = append(out, leftOut(x)...)
		case f.IsExported() && f.Tag.Get("json") == "-" && (x.Kind() == reflect.String || x.CanInt()):
			out = append(out, x.Interface())
		}
	}
	return out
}

// ForgetKeys removes idempotency keys older than KeepKeys. A daily job calls it.
func (u *Unit) ForgetKeys(ctx context.Context) error {
	before := clock.Us(u.clock.Now().Add(-KeepKeys))
	return u.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, qForget, before)
		return err
	})
}
