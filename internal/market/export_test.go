package market

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/process"
)

// Revision is the data of the step that changes a published post: into itself.
func Revision(p Post) any { return revision{p.PostData, p.kept, p.namedNow} }

// AchievementsAt is the life cycle of achievements on a day.
func AchievementsAt(day clock.Date) *process.Process[Post] {
	d := AchievementProcess.Def()
	load := d.Store.Load
	d.Store.Load = func(ctx context.Context, q db.Q, id string) (Post, error) {
		p, err := load(ctx, q, id)
		p.today = day
		return p, err
	}
	p, err := process.New(d)
	if err != nil {
		panic(err)
	}
	return p
}
