package identity

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qAdminCount = db.Stmt(`SELECT COUNT(*) FROM account_role
		WHERE revoked_us = 0 AND role IN ('sysadmin', 'secadmin', 'auditor')`)
	qAccountByLogin = db.Stmt(`SELECT ` + accountCols + ` FROM account WHERE login = $1`)
)

// FirstAdmins names the three administrators with whom a new system begins.
type FirstAdmins struct {
	System   NewAccount
	Security NewAccount
	Audit    NewAccount
}

// FirstMade are the accounts of FirstAdmins, in the same places, with the passwords that were made
// up.
type FirstMade struct{ System, Security, Audit Created }

// onMachine refuses what only a command on the machine of the system may do.
func onMachine(by authz.Actor) error {
	if by.Via != authz.ViaCLI && by.Via != authz.ViaSystem {
		return fault.New(fault.Forbidden, "此操作只能在服务器上用命令进行")
	}
	return nil
}

// Bootstrap makes the first system, security and audit administrators, once: afterwards they make
// accounts and grant roles. It is a command on the machine, because nobody is there yet who may.
func (s *Service) Bootstrap(
	ctx context.Context, by authz.Actor, in FirstAdmins,
) (FirstMade, error) {
	if err := onMachine(by); err != nil {
		return FirstMade{}, err
	}
	var out FirstMade
	seats := []struct {
		in   NewAccount
		role authz.Role
		out  *Created
	}{
		{in.System, authz.SysAdmin, &out.System},
		{in.Security, authz.SecAdmin, &out.Security},
		{in.Audit, authz.Auditor, &out.Audit},
	}
	accounts := make([]newAccount, len(seats))
	for i, seat := range seats {
		var err error
		accounts[i], seat.out.Made, err = s.prepare(ctx, by, seat.in, originSetup)
		if err != nil {
			return FirstMade{}, err
		}
	}
	err := s.unit.Write(ctx, by, "identity.Bootstrap", func(tx *unit.Tx) error {
		n, err := db.Get(ctx, tx, qAdminCount, db.One[int64])
		if err != nil {
			return err
		}
		if n > 0 {
			return fault.New(fault.Conflict, "系统已有管理员，不能再次初始化")
		}
		for i, seat := range seats {
			if seat.out.Account, err = s.seat(ctx, tx, accounts[i], seat.role); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return FirstMade{}, taken(err)
	}
	return out, nil
}

func (s *Service) seat(
	ctx context.Context, tx *unit.Tx, n newAccount, role authz.Role,
) (Account, error) {
	a, err := addAccount(ctx, tx, n)
	if err != nil {
		return Account{}, err
	}
	if _, err := grant(ctx, tx, Held{Account: a.ID, Role: role, Basis: basisSetup}); err != nil {
		return Account{}, err
	}
	return accountByID(ctx, tx, a.ID)
}

// Recover gives an account that nobody may reset at a page, that of an administrator, a new
// password and removes its second factor. It is a command on the machine.
func (s *Service) Recover(ctx context.Context, by authz.Actor, login string) (Created, error) {
	if err := onMachine(by); err != nil {
		return Created{}, err
	}
	made := madePassword()
	hash, err := s.hasher.make(ctx, made)
	if err != nil {
		return Created{}, err
	}
	out := Created{Made: made}
	err = s.unit.Write(ctx, by, "identity.Recover", func(tx *unit.Tx) error {
		a, err := db.Get(ctx, tx, qAccountByLogin, scanAccount, Normal(login))
		if err != nil {
			return err
		}
		if a.Status == Closed {
			return fault.New(fault.Conflict, "账号已注销，不能恢复")
		}
		if err := resetPassword(ctx, tx, a, hash); err != nil {
			return err
		}
		if err := dropFactor(ctx, tx, a.ID); err != nil {
			return err
		}
		out.Account, err = accountByID(ctx, tx, a.ID)
		return err
	})
	if err != nil {
		return Created{}, err
	}
	return out, nil
}

// FindLogin returns the account of a login name, for commands.
func (s *Service) FindLogin(
	ctx context.Context, by authz.Actor, login string,
) (Account, error) {
	a, err := db.Get(ctx, s.db, qAccountByLogin, scanAccount, Normal(login))
	if err != nil {
		return Account{}, err
	}
	return a, AccountPolicy.May(by, ActAccountRead, a)
}
