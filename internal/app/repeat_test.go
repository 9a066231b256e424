package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/apptest"
)

// repeatable are operations that may be sent twice although they take neither a key nor a version,
// with the reason.
var repeatable = map[string]string{
	// They read. What they read may be written down, each time.
	"deal.RevealContacts": "reads; each look goes into the trail",
	"dict.Report":         "checks a table and sends it back; keeps nothing",
	"market.SimilarPosts": "reads",
	"market.Structure":    "reads",
	"party.RevealContact": "reads; each look goes into the trail",
	"party.RevealPerson":  "reads; each look goes into the trail",
	"party.SimilarPeople": "reads",
	"show.PeekPass":       "reads",
	"studio.AskWhatIf":    "computes",
	"studio.Compute":      "computes",
	"studio.GetChecks":    "computes",
	"studio.GetUnit":      "computes",
	"trail.VerifyEntries": "computes",
	"monitor.Recompute":   "makes the same points of the same values",

	// The second finds done what the first did.
	"identity.EndOtherSessions": "what has ended stays so",
	"identity.UnlinkOIDC":       "what was removed stays so",
	"job.Cancel":                "what was stopped stays so",
	"matching.Reject":           "what was rejected stays so",
	"matching.Restore":          "what was restored stays so",
	"matching.RejectPair":       "what was rejected stays so",
	"matching.RestorePair":      "what was restored stays so",
	"matching.Seen":             "what was seen stays so",
	"notify.EndMails":           "what was ended stays so",
	"notify.Mark":               "what was read stays so",
	"notify.MarkAll":            "what was read stays so",
	"notify.Open":               "what was read stays so",
	"party.CancelImport":        "what was stopped stays so",
	"plan.AcceptClear":          "what was accepted waits no more",
	"plan.CancelImport":         "what was stopped stays so",
	"studio.CancelStudy":        "what was stopped stays so",
	"market.ConfirmPosts":       "says once more that posts are still so",

	// The second is refused by what the first left.
	"appraise.Join":           "an invitation works once",
	"dict.Import":             "an edition of a list is there once",
	"identity.ChangePassword": "asks for the password that is no more",
	"matching.SaveSearch":     "a name is there once",
	"show.AskTalk":            "the round is taken",
	"show.CheckIn":            "a code works once",
	"show.CheckInByHand":      "people come in once",
	"studio.Judge":            "the body names the version of the seat",

	// One runs at a time.
	"backup.Create":          "answers with the job that waits or runs",
	"matching.StartLearning": "answers with the job that waits or runs",
	"matching.StartRun":      "answers with the job that waits or runs",

	"identity.RenewRecoveryCodes": "the answer is a secret and must not be kept for a second sending",
}

// Every operation that writes may be sent again when its answer was lost: it takes a key that gets
// the first answer, or the version it changes, or it is one of those where twice is once. PUT and
// DELETE say what shall be, so they are. A step of a life cycle takes both.
func TestEveryWriteMayBeSentAgain(t *testing.T) {
	raw, err := apptest.Open(t).API.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			Parameters  []struct{ Name, In string }
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	seen, steps := map[string]bool{}, 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			takes := map[string]bool{}
			for _, p := range op.Parameters {
				takes[p.Name] = p.In == "header"
			}
			key, version, name := takes["Idempotency-Key"], takes["If-Match"], op.OperationID
			seen[name] = true
			switch {
			case strings.ToUpper(method) != http.MethodPost:
			case strings.HasSuffix(path, "/{id}/steps"):
				steps++
				if !key || !version {
					t.Errorf("%s is a step and takes a key: %v, a version: %v", name, key, version)
				}
			case (key || version) && repeatable[name] != "":
				t.Errorf("%s takes a key or a version: take it off the list", name)
			case !key && !version && repeatable[name] == "":
				t.Errorf("%s cannot be sent again: give it api.Once, or say why it may", name)
			}
		}
	}
	if steps < 15 {
		t.Errorf("only %d operations are steps", steps)
	}
	for name := range repeatable {
		if !seen[name] {
			t.Errorf("%s is listed and does not exist", name)
		}
	}
}
