package identity

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// A device is a browser from which the owner has logged in before: it keeps a random token. Tries
// from it have a counter of their own, so that the owner gets in while somebody else is guessing.
// The token proves nothing: the password is asked for all the same.

// Bounds of devices.
const (
	maxDevices  = 20 // of an account; the least used is forgotten
	keepDevices = 180 * 24 * time.Hour
)

var (
	qDevice    = db.Stmt(`SELECT used_us FROM known_device WHERE token_hash = $1 AND account = $2`)
	qDeviceAny = db.Stmt(`SELECT used_us FROM known_device WHERE token_hash = $1 LIMIT 1`)
	qDeviceAdd = db.Stmt(`INSERT INTO known_device (token_hash, account, created_us, used_us, version)
		VALUES ($1, $2, $3, $3, 1) ON CONFLICT (token_hash, account)
		DO UPDATE SET used_us = excluded.used_us, version = known_device.version + 1`)
	qDevices    = db.Stmt(`SELECT token_hash FROM known_device WHERE account = $1 ORDER BY used_us DESC`)
	qDeviceDrop = db.Stmt(`DELETE FROM known_device WHERE account = $1 AND token_hash = $2`)
	qDevicesOff = db.Stmt(`DELETE FROM known_device WHERE account = $1`)
	qDevicesOld = db.Stmt(`DELETE FROM known_device WHERE used_us < $1`)
)

// knowsDevice says whether the account has been logged in to from the device.
func (s *Service) knowsDevice(ctx context.Context, device, account string) (bool, error) {
	used, known, err := db.Find(ctx, s.db, qDevice, db.One[int64], digest(device), account)
	if err != nil || device == "" || !known {
		return false, err
	}
	return s.nowUs()-used < keepDevices.Microseconds(), nil
}

// rememberDevice notes a log-in from a device. It returns the token the browser is to keep, "" when
// it already has one.
func rememberDevice(
	ctx context.Context, tx *unit.Tx, device, account string,
) (string, error) {
	_, ours, err := db.Find(ctx, tx, qDeviceAny, db.One[int64], digest(device))
	if err != nil {
		return "", err
	}
	fresh := ""
	if !ours || device == "" { // a token that somebody else made up is not taken over
		fresh = id.Token(tokenBytes)
		device = fresh
	}
	_, err = db.Exec(ctx, tx.Tx, qDeviceAdd, digest(device), account, tx.NowUs())
	if err != nil {
		return "", err
	}
	all, err := db.All(ctx, tx, qDevices, db.One[string], account)
	if err != nil {
		return "", err
	}
	for _, hash := range all[min(len(all), maxDevices):] {
		if _, err := db.Exec(ctx, tx.Tx, qDeviceDrop, account, hash); err != nil {
			return "", err
		}
	}
	return fresh, nil
}

// forgetDevices removes every device of an account whose password was set by somebody else.
func forgetDevices(ctx context.Context, tx *unit.Tx, account string) error {
	_, err := db.Exec(ctx, tx.Tx, qDevicesOff, account)
	return err
}
