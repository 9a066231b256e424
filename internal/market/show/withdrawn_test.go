package show

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// An agenda says of a post that was withdrawn that it is gone.
func TestWithdrawnPost(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	s := x.open()
	for _, gone := range []bool{false, true} {
		x.posts.withdrawn = gone
		d, err := x.GetShow(t.Context(), guest("p"), s.ID)
		if err != nil || d.Slots[0].PostGone != gone {
			t.Errorf("withdrawn %v: %+v, %v", gone, d.Slots, err)
		}
	}
}
