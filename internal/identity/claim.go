package identity

import (
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Limits of a claim, in characters.
const (
	maxOrgName    = 120
	maxDuty       = 40
	maxStatement  = 500
	maxClaimFiles = 5
)

// claimKind is the kind of object of claims, for policies, files and the trail.
const claimKind = "identity.claim"

// ClaimFile is what may be attached to a claim: a licence, a letter of authority.
var ClaimFile = blob.Kind{Name: "identity.claim", MaxBytes: 10 << 20,
	Types: []blob.Type{blob.PDF, blob.OFD, blob.JPEG, blob.PNG}}

// Claim says that a person acts for an organisation (认领单位).
type Claim struct {
	ID        string `json:"id"`
	Account   string `json:"account"`
	Person    string `json:"-"`
	Login     string `json:"login"`
	Name      string `json:"name"`  // of the person
	Phone     string `json:"phone"` // in full or in part, depending on the reader
	USCC      string `json:"uscc"`
	Org       string `json:"org,omitempty"` // "" while the registry does not know the code
	OrgName   string `json:"orgName"`
	Kind      string `json:"kind"`
	Region    string `json:"region,omitempty"`
	Duty      string `json:"duty,omitempty"`
	Statement string `json:"statement,omitempty"`
	Days      int64  `json:"days"` // working days to decide
	State     string `json:"state"`
	CreatedUs int64  `json:"createdUs"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`

	chief  process.Owner // answers for the claim once it is late
	member bool          // acts for the organisation by now
	status Status        // of the account
}

const claimCols = `claim.id, claim.account, claim.person, account.login, account.name,
	account.phone, claim.uscc, claim.org, claim.org_name, claim.kind, claim.region, claim.duty,
	claim.statement, claim.limit_days, claim.state, claim.created_us, claim.updated_us,
	claim.version, EXISTS (SELECT 1 FROM account_role AS r WHERE r.account = claim.account
		AND r.revoked_us = 0 AND claim.org <> '' AND (r.org = claim.org OR r.org_now = claim.org)),
	account.status, claim.chief_account, claim.chief_role`

func scanClaim(r db.Row) (Claim, error) {
	var c Claim
	err := r.Scan(&c.ID, &c.Account, &c.Person, &c.Login, &c.Name, &c.Phone, &c.USCC, &c.Org,
		&c.OrgName, &c.Kind, &c.Region, &c.Duty, &c.Statement, &c.Days, &c.State, &c.CreatedUs,
		&c.UpdatedUs, &c.Version, &c.member, &c.status, &c.chief.Account, &c.chief.Role)
	return c, err
}

// Kinds of organisations that people act for in the role 高校院所; all others act as 企业.
var universityKinds = map[string]bool{"university": true, "institute": true}

// Kinds of organisations for which nobody can act by a claim: their staff get roles from the
// security administrator.
var governmentKinds = map[string]bool{"government": true}

// claimable are the kinds one may say when the registry does not know the organisation.
var claimable = []string{"enterprise", "university", "institute", "hospital", "service", "finance",
	"park", "other"}

// ClaimKinds returns the kinds of organisations that can be claimed, as the registry names them.
func ClaimKinds() []string { return claimable }

// roleOfKind is the role in which people act for an organisation of a kind.
func roleOfKind(kind string) authz.Role {
	if universityKinds[kind] {
		return authz.University
	}
	return authz.Enterprise
}

// ClaimInput is what a person says. Name, kind and region count only for an organisation that the
// registry does not know.
type ClaimInput struct {
	USCC      string         `json:"uscc"`
	OrgName   string         `json:"orgName,omitempty"`
	Kind      string         `json:"kind,omitempty"`
	Region    string         `json:"region,omitempty"` // GB/T 2260; "" = of the registering authority
	Duty      string         `json:"duty,omitempty"`   // 职务
	Statement string         `json:"statement,omitempty"`
	Files     []*blob.Staged `json:"-"`
	Key       string         `json:"-"` // idempotency key
}

// normalise brings the input into the form that is stored, and returns what is wrong with it.
func (in *ClaimInput) normalise() error {
	in.OrgName, in.Duty = tidy(in.OrgName), tidy(in.Duty)
	in.Statement = strings.TrimSpace(strings.ReplaceAll(in.Statement, "\r\n", "\n"))
	var w wrong
	code, err := id.ParseUSCC(in.USCC)
	if e, ok := fault.As(err); ok {
		w.add("uscc", e.Key, e.Args...)
	}
	in.USCC = string(code)
	w.text("orgName", in.OrgName, maxOrgName, false)
	w.text("duty", in.Duty, maxDuty, false)
	w.text("statement", strings.ReplaceAll(in.Statement, "\n", " "), maxStatement, false)
	if in.Region != "" {
		if parsed, err := region.Parse(in.Region); err != nil {
			w.add("region", "行政区划代码应为 6 位数字")
		} else {
			in.Region = string(parsed)
		}
	}
	if len(in.Files) > maxClaimFiles {
		w.add("files", "最多可附 %d 个文件", maxClaimFiles)
	}
	return w.err()
}

// complete takes over what the registry knows, and asks for what it does not.
func (in *ClaimInput) complete(o Org, known bool) error {
	var w wrong
	if known {
		in.OrgName, in.Kind, in.Region = o.Name, o.Kind, o.Region
	} else {
		if in.Region == "" {
			in.Region = string(id.USCC(in.USCC).Region())
		}
		if in.OrgName == "" {
			w.add("orgName", "主体库中没有这个单位，请填写名称")
		}
		if !slices.Contains(claimable, in.Kind) {
			w.add("kind", "主体库中没有这个单位，请选择类型")
		}
	}
	if governmentKinds[in.Kind] {
		w.add("uscc", "政府部门人员的身份由安全管理员授予，不能认领")
	}
	return w.err()
}
