package process

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Limits of what is handed in with a step.
const (
	MaxReason = 2000 // characters
	MaxFiles  = 20
	maxFileID = 128 // bytes
)

// Input is what a person hands in with a step. Data is the step's own input; only a hash of it
// goes into the history.
type Input struct {
	Reason string   `json:"reason"`
	Files  []string `json:"files"`
	Data   any      `json:"data"`
}

// checked returns the input with its reason trimmed, or faults at the fields "reason" and "files".
func (in Input) checked(n Needs, takesFiles bool) (Input, error) {
	in.Reason = strings.TrimSpace(strings.ReplaceAll(in.Reason, "\r\n", "\n"))
	var fs []fault.Field
	switch {
	case in.Reason == "" && n&Reason != 0:
		fs = append(fs, fault.At("reason", "请写明理由"))
	case utf8.RuneCountInString(in.Reason) > MaxReason:
		fs = append(fs, fault.At("reason", "理由不能超过 %d 个字", MaxReason))
	case !printable(in.Reason):
		fs = append(fs, fault.At("reason", "理由含有不能显示的字符"))
	}
	switch {
	case len(in.Files) == 0 && n&Files != 0:
		fs = append(fs, fault.At("files", "请附上材料"))
	case len(in.Files) > 0 && !takesFiles:
		fs = append(fs, fault.At("files", "此步骤不接收材料"))
	case len(in.Files) > MaxFiles:
		fs = append(fs, fault.At("files", "最多可附 %d 个文件", MaxFiles))
	case !distinct(in.Files):
		fs = append(fs, fault.At("files", "材料编号有误或重复"))
	}
	return in, fault.Fields(fs...)
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t'
	})
}

func distinct(ids []string) bool {
	for i, id := range ids {
		if id == "" || len(id) > maxFileID || !printable(id) || slices.Contains(ids[:i], id) {
			return false
		}
	}
	return true
}

// hash identifies the input without keeping it.
func (in Input) hash() (string, error) {
	b, err := json.Marshal(in)
	if err != nil {
		return "", fmt.Errorf("hash the input of a step: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
