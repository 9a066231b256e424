package show

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

const agendaHead = "开始时间,结束时间,环节名称,主讲,路演单位,路演的成果或需求\n"

// An agenda comes in whole or not at all, and says what is wrong by row and column.
func TestImportSlots(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		s, err := x.CreateShow(ctx, officer, x.sample())
		if err != nil {
			t.Fatal(err)
		}
		send := func(by authz.Actor, rows string, dry bool, version int64) (SlotOutcome, error) {
			return x.ImportSlots(ctx, by, SlotImport{Show: s.ID, Version: version, DryRun: dry, Name: "议程.csv",
				File: strings.NewReader(agendaHead + rows)})
		}
		good := "2026-12-10 09:00,2026/12/10 9:30,致辞,,,\n" +
			"09：30,10:00,导热膜,王工,太原市技术转移中心,CG-2026-0001\n"
		bad := good + "09:45,10:15,重叠的,,,\n10:15,10:10,倒过来的,,,\n18:00,18:30,太晚,,没有的单位,\n" +
			"明早,11:00,,,,\n11:00,11:30,没有成果,,,CG-1\n"
		out, err := send(officer, bad, true, 0)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range out.Problems.Kept {
			got = append(got, p.Text(i18n.ZH))
		}
		want := []string{"第 4 行“开始时间”：与“导热膜”的时间重叠", "第 5 行“结束时间”：结束时间须晚于开始时间",
			"第 6 行“路演单位”：主体库中没有“没有的单位”",
			"第 6 行“开始时间”：环节应在活动时间之内：2026-12-10 09:00—2026-12-10 17:00",
			"第 7 行“环节名称”：", "第 8 行“路演的成果或需求”：没有找到这条记录"}
		if len(got) != len(want) {
			t.Fatalf("found %q", got)
		}
		for i := range want {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("%q, not %q", got[i], want[i])
			}
		}
		_, err = send(officer, bad, false, s.Version)
		wantKind(t, err, fault.Invalid)
		_, err = send(guest("g"), good, true, 0)
		wantKind(t, err, fault.NotFound)
		_, err = send(officer, good, false, s.Version+1)
		wantKind(t, err, fault.Conflict)
		if now, err := x.GetShow(ctx, officer, s.ID); err != nil || len(now.Slots) != 0 {
			t.Fatalf("half imported: %+v %v", now.Slots, err)
		}
		if out, err = send(officer, good, false, s.Version); err != nil || !out.Done || out.Adds != 2 {
			t.Fatalf("%+v %v", out, err)
		}
		now, err := x.GetShow(ctx, officer, s.ID)
		if err != nil || len(now.Slots) != 2 || now.Version != s.Version+1 {
			t.Fatalf("%+v %v", now, err)
		}
		if y := now.Slots[1]; y.StartsUs != at(9, 30) || y.EndsUs != at(10, 0) || y.Org != x.org || y.Post != "post-1" ||
			y.PostTitle != "石墨烯导热膜" || y.OrgName != "太原市技术转移中心" {
			t.Errorf("%+v", y)
		}
		if out, err = send(officer, good, true, 0); err != nil || out.Skips != 2 || out.Adds != 0 ||
			out.Problems.Total != 0 {
			t.Errorf("sent again: %+v %v", out, err)
		}
		var file bytes.Buffer
		_, err = x.WriteAgenda(ctx, guest("g"), s.ID, occasion.Export{Format: sheet.CSV}, &file)
		wantKind(t, err, fault.NotFound)
		if n, err := x.WriteAgenda(ctx, officer, s.ID, occasion.Export{Format: sheet.CSV}, &file); err != nil || n != 2 {
			t.Fatal(n, err)
		}
		table := strings.TrimPrefix(file.String(), "\ufeff"+strings.ReplaceAll(agendaHead, "\n", "\r\n"))
		if out, err = send(officer, table, true, 0); err != nil || out.Skips != 2 || out.Adds+out.Changes+out.Problems.Total != 0 {
			t.Errorf("what was written is read as %+v %v", out, err)
		}
		table = strings.Replace(table, "王工", "李工", 1)
		if out, err = send(officer, table, false, now.Version); err != nil || out.Changes != 1 || out.Skips != 1 || !out.Done {
			t.Errorf("%+v %v", out, err)
		}
		changed, err := x.GetShow(ctx, officer, s.ID)
		if y := changed.Slots[1]; err != nil || y.Speaker != "李工" || y.ID != now.Slots[1].ID || y.Post != "post-1" || y.Org != x.org {
			t.Errorf("%+v, %v", y, err)
		}
		x.fire(x.fire(x.fire(changed.Show, "publish"), "open"), "begin")
		_, err = send(officer, good, true, 0)
		wantKind(t, err, fault.Conflict) // it runs
	})
}
