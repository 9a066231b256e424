package planhttp

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// statesOf are the states of a process as a closed list.
func statesOf(list []process.State) []plan.Choice {
	out := make([]plan.Choice, 0, len(list))
	for _, s := range list {
		out = append(out, plan.Choice{Value: s.Name, Title: s.Title})
	}
	return out
}

func docStates() []plan.Choice { return statesOf(plan.DocumentProcess.Def().States) }

func taskStates() []plan.Choice { return statesOf(plan.TaskProcess.Def().States) }

// docMark shows the state of a document. While it is read, that is what counts.
func docMark(ctx context.Context, d plan.Document) ui.State {
	switch d.Reading {
	case plan.ReadingWaiting:
		return ui.State{Tone: ui.Run, Text: i18n.T(ctx, "解读中")}
	case plan.ReadingFailed:
		return ui.State{Tone: ui.Bad, Text: i18n.T(ctx, "未能解读")}
	}
	return docStateMark(ctx, d.State)
}

func docStateMark(ctx context.Context, state string) ui.State {
	tone := map[string]ui.Tone{plan.DocumentPending: ui.Warn, plan.DocumentReviewed: ui.OK}[state]
	return ui.State{Tone: tone, Text: titled(ctx, docStates(), state)}
}

// statementMark shows what was decided about a statement.
func statementMark(ctx context.Context, s plan.Statement) ui.State {
	if s.State == plan.StatementPending && s.Doubtful() {
		return ui.State{Tone: ui.Warn, Text: i18n.T(ctx, "有疑问")}
	}
	tone := map[string]ui.Tone{plan.StatementPending: ui.Run, plan.StatementAccepted: ui.OK,
		plan.StatementCorrected: ui.OK, plan.StatementRejected: ui.Idle}[s.State]
	return ui.State{Tone: tone, Text: titled(ctx, plan.StatementStates(), s.State)}
}

// taskMark shows the state of a task.
func taskMark(ctx context.Context, state string) ui.State {
	tone := map[string]ui.Tone{
		plan.TaskEstablished: ui.Warn, plan.TaskSigned: ui.Run, plan.TaskActive: ui.Run,
		plan.TaskExtending: ui.Warn, plan.TaskApplied: ui.Run, plan.TaskVerifying: ui.Run,
		plan.TaskReturned: ui.Bad, plan.TaskDone: ui.OK, plan.TaskStruck: ui.OK,
	}[state]
	return ui.State{Tone: tone, Text: titled(ctx, taskStates(), state)}
}

// lightMark shows a light as shape, colour and word.
func lightMark(ctx context.Context, c plan.Colour) ui.State {
	tone := map[plan.Colour]ui.Tone{plan.Red: ui.Bad, plan.Yellow: ui.Warn, plan.Green: ui.OK,
		plan.Blue: ui.Run}[c]
	return ui.State{Tone: tone, Text: titled(ctx, plan.Colours(), string(c))}
}

// amount writes a value with its operator and unit: ≥1,228 亿元.
func amount(op string, v plan.Decimal, unit string) string {
	if v == "" {
		return ""
	}
	return i18n.Sign(op) + v.Amount(unit)
}
