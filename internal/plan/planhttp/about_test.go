package planhttp_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// A document is about the place that its text speaks of, unless somebody says otherwise.
func TestDocumentSaysItsPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for _, c := range []struct{ name, text, chosen, want string }{
			{"our city", "全市研发投入增长12%。太原市新增高新技术企业200家。", "", "140100"},
			{"no place named", "今年新增高新技术企业200家。", "", "140100"},
			{"another city", "长治市新增高新技术企业60家。长治开启“十大行动”，长治研发投入增长15%。", "", "140400"},
			{"another city named twice", "长治市新增高新技术企业60家，长治研发投入增长15%。", "", "140100"},
			{"ours beside another", "太原与长治合作，长治企业来到太原，长治、太原、长治共建实验室5个。", "", "140100"},
			{"the province", "山西省委提出，我省新增平台60个。山西全省研发投入增长9%，山西新增企业50家。", "", "140000"},
			{"somebody chose", "长治市新增高新技术企业60家。长治开启“十大行动”，长治研发投入增长15%。", "140105", "140105"},
		} {
			form := values("text", c.text, "kind", "news", "day", "2026-06-01", "title", c.name)
			if c.chosen != "" {
				form.Set("region", c.chosen)
			}
			h.multi(officer, "/documents/new", form, "file")
			page, err := h.plan.ListDocuments(t.Context(), officer, plan.DocumentFilter{Query: c.name}, "",
				db.PageReq{})
			if err != nil || len(page.Items) == 0 {
				t.Fatalf("%s: %d documents, %v", c.name, len(page.Items), err)
			}
			if got := string(page.Items[0].Region); got != c.want {
				t.Errorf("%s: about %s, want %s", c.name, got, c.want)
			}
		}
	})
}
