package party

import (
	"encoding/json"
	"strings"

	"github.com/yuntu-city/yuntu/internal/id"
)

// Events of this room. The object is the id of the record.
const (
	EventOrgCreated = "party.org.created.v1"
	EventOrgUpdated = "party.org.updated.v1" // data: names of the fields that changed
	EventOrgMoved   = "party.org.moved.v1"   // data: name of the step
	EventOrgMerged  = "party.org.merged.v1"  // data: id of the record it leads to
	EventOrgSplit   = "party.org.split.v1"   // data: id of the record it led to

	EventPersonCreated = "party.person.created.v1"
	EventPersonUpdated = "party.person.updated.v1" // data: names of the fields that changed

	EventImported = "party.imported.v1" // object: the import; data: kind, adds, changes
)

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil || string(b) == "null" || string(b) == "0" {
		return ""
	}
	return string(b)
}

// maskEmail keeps the first letter and the domain.
func maskEmail(s string) string {
	name, domain, ok := strings.Cut(s, "@")
	if !ok || name == "" {
		return id.MaskBank(s)
	}
	return string([]rune(name)[:1]) + maskedMail + domain
}

// maskedMail stands in place of all but the first character of the name of a mail address.
const maskedMail = "***@"
