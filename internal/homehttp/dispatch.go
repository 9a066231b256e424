package homehttp

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/dispatch"
)

// Dispatches is what this door asks of package dispatch.
type Dispatches interface {
	CountMeetings(context.Context, authz.Actor, dispatch.MeetingFilter) (map[string]int64, error)
	CountLetters(context.Context, authz.Actor, dispatch.LetterFilter) (dispatch.LetterCounts, error)
}

// dispatches counts the meetings and letters that wait for somebody.
func (h *Handler) dispatches(ctx context.Context, by authz.Actor, v *workView) error {
	if h.Dispatch == nil || !dispatch.LetterPolicy.Could(by, dispatch.ActLetterRead) {
		return nil
	}
	letters, err := h.Dispatch.CountLetters(ctx, by, dispatch.LetterFilter{})
	if err != nil {
		return err
	}
	meetings, err := h.Dispatch.CountMeetings(ctx, by, dispatch.MeetingFilter{})
	if err != nil {
		return err
	}
	state := func(s string) string { return "/letters?state=" + s }
	switch by.Role {
	case authz.Leader:
		v.some(ctx, "待签发的督办函", letters.States[dispatch.LetterDraft], "件", state(dispatch.LetterDraft))
		v.some(ctx, "待签发的纪要", meetings[dispatch.Drafted], "份", "/dispatch?state="+dispatch.Drafted)
	case authz.Officer:
		v.some(ctx, "待送达的督办函", letters.States[dispatch.LetterSigned], "件", state(dispatch.LetterSigned))
		v.some(ctx, "待审核的回复", letters.States[dispatch.LetterReplied], "件", state(dispatch.LetterReplied))
		v.some(ctx, "待写纪要的会议", meetings[dispatch.Held], "次", "/dispatch?state="+dispatch.Held)
	default:
		v.some(ctx, "待回复的督办函", letters.States[dispatch.LetterDelivered], "件",
			state(dispatch.LetterDelivered))
	}
	if by.Role == authz.Officer || by.Role == authz.Leader {
		v.some(ctx, "逾期未回复的督办函", letters.Late, "件", "/letters?late=1")
	}
	coming, err := h.Dispatch.CountMeetings(ctx, by, dispatch.MeetingFilter{When: dispatch.Upcoming})
	v.some(ctx, "将要召开的调度会", coming[dispatch.Preparing]+coming[dispatch.Notified], "次",
		"/dispatch?when="+dispatch.Upcoming)
	return err
}

// some is wait for what is not there on most days: nothing is shown of zero.
func (v *workView) some(ctx context.Context, title string, n int64, unit, href string) {
	if n > 0 {
		v.wait(ctx, title, n, unit, href)
	}
}
