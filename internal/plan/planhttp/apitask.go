package planhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// TaskView is a task with everything its page shows.
type TaskView struct {
	plan.TaskDetail
	LightText string      `json:"lightText" doc:"why the light has its colour, in words"`
	Steps     []planStep  `json:"steps"`
	History   []planEvent `json:"history"`
	Files     []planFile  `json:"files"`
}

// taskListIn asks for a page of tasks.
type taskListIn struct {
	TaskQuery
	api.Paging
}

func (h *Handler) taskReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "plan.ListTasks", Method: get, Path: "/tasks", Title: "台账"},
		func(ctx context.Context, in *taskListIn) (*kit.Body[api.Page[plan.Task]], error) {
			f, err := h.taskFilter(ctx, api.By(ctx), in.TaskQuery)
			if err != nil {
				return nil, err
			}
			page, err := h.plan.ListTasks(ctx, api.By(ctx), f, in.Sort, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "plan.MyTasks", Method: get, Path: "/tasks/mine",
		Title: "我的任务"},
		func(ctx context.Context, in *taskListIn) (*kit.Body[api.Page[plan.Task]], error) {
			f, err := h.taskFilter(ctx, api.By(ctx), in.TaskQuery)
			if err != nil {
				return nil, err
			}
			page, err := h.plan.MyTasks(ctx, api.By(ctx), f, in.Sort, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "plan.CountTasks", Method: get, Path: "/tasks/count",
		Title: "任务数量"}, func(ctx context.Context, in *TaskQuery) (*kit.Body[plan.TaskCounts], error) {
		f, err := h.taskFilter(ctx, api.By(ctx), *in)
		if err != nil {
			return nil, err
		}
		return kit.BodyOf(h.plan.CountTasks(ctx, api.By(ctx), f))
	})
	add(a, api.Operation{UseCase: "plan.Board", Method: get, Path: "/tasks/board", Title: "任务看板"},
		func(ctx context.Context, in *TaskQuery) (*kit.Body[[]plan.Column], error) {
			f, err := h.taskFilter(ctx, api.By(ctx), *in)
			if err != nil {
				return nil, err
			}
			out, err := h.plan.Board(ctx, api.By(ctx), f)
			return kit.BodyOf(kit.List(out), err)
		})
	add(a, api.Operation{UseCase: "plan.WriteTasks", Method: get, Path: "/tasks/export",
		Title: "导出台账"}, h.apiExportTasks)
	add(a, api.Operation{UseCase: "plan.SimilarTasks", Method: get, Path: "/tasks/similar",
		Title: "相近的任务"}, func(ctx context.Context, in *struct {
		Title string `query:"title" maxLength:"500"`
	}) (*kit.Body[[]plan.SimilarTask], error) {
		out, err := h.plan.SimilarTasks(ctx, api.By(ctx), in.Title)
		return kit.BodyOf(kit.List(out), err)
	})
	h.oneTask(a)
}

func (h *Handler) oneTask(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "plan.GetTask", Method: get, Path: "/tasks/{id}",
		Title: "任务档案"}, func(ctx context.Context, in *struct {
		ByID
		IfNone
	}) (*kit.Record[TaskView], error) {
		x, err := h.plan.GetTask(ctx, api.By(ctx), in.ID)
		if err == nil {
			err = in.unchanged(x.Version)
		}
		return kit.RecordOf(TaskView{x, reasons(i18n.From(ctx), x.Light), stepsOf(ctx, x.Offers),
			eventsOf(x.History), filesOf(x.Files)}, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.TaskSteps", Method: get, Path: "/tasks/{id}/steps",
		Title: "任务可办理的步骤"}, func(ctx context.Context, in *ByID) (*kit.Body[[]planStep], error) {
		x, err := h.plan.GetTask(ctx, api.By(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		offers, err := h.plan.TaskSteps(ctx, api.By(ctx), x.Task)
		return kit.BodyOf(stepsOf(ctx, offers), err)
	})
	add(a, api.Operation{UseCase: "plan.GoalsOf", Method: get, Path: "/tasks/{id}/targets",
		Title: "任务服务的目标"}, func(ctx context.Context, in *ByID) (*kit.Body[[]plan.Target], error) {
		out, err := h.plan.GoalsOf(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "plan.OpenEvidence", Method: get,
		Path: "/tasks/{id}/files/{file}", Title: "下载佐证材料"},
		func(_ context.Context, _ *struct {
			ByID
			File string `path:"file" maxLength:"64"`
		}) (*stream, error) {
			return streamOf(h.getTaskFile), nil
		})
}

func (h *Handler) apiExportTasks(ctx context.Context, in *struct {
	TaskQuery
	FormatIn
}) (*stream, error) {
	f, err := h.taskFilter(ctx, api.By(ctx), in.TaskQuery)
	if err != nil {
		return nil, err
	}
	return streamOf(func(w http.ResponseWriter, r *http.Request) error {
		return h.exportTasks(w, r, in.TaskQuery, f, in.Format)
	}), nil
}

func (h *Handler) taskWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "plan.CreateTask", Method: post, Path: "/tasks", Title: "拟立任务",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body plan.NewTask
	}) (*kit.Record[plan.Task], error) {
		in.Body.Key = in.Key
		x, err := h.plan.CreateTask(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.UpdateTask", Method: http.MethodPut, Path: "/tasks/{id}",
		Title: "修改任务"}, h.apiUpdateTask)
	add(a, api.Operation{UseCase: "plan.FireTask", Method: post, Path: "/tasks/{id}/steps",
		Title: "办理任务的步骤"}, h.apiFireTask)
	add(a, api.Operation{UseCase: "plan.ReportTask", Method: post, Path: "/tasks/{id}/reports",
		Title: "填报任务进展", Status: http.StatusCreated}, h.apiReport)
	add(a, api.Operation{UseCase: "plan.AddEvidence", Method: post, Path: "/tasks/{id}/files",
		Title: "上传佐证材料", Status: http.StatusCreated,
		Maximum: plan.EvidenceFile.MaxBytes + formMemory,
		Form:    []api.FormField{{Name: "files", File: true, Many: true, Needed: true, Doc: "what proves the progress"}}},
		h.apiAddEvidence)
	add(a, api.Operation{UseCase: "plan.Instruct", Method: post, Path: "/tasks/{id}/instructions",
		Title: "批示任务", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		ByID
		api.Once
		Body plan.NewInstruction
	}) (*kit.Body[plan.Instruction], error) {
		in.Body.Task, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.plan.Instruct(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "plan.ImportTasks", Method: post, Path: "/tasks/import",
		Title: "导入台账", Maximum: sheet.MaxFileBytes + formMemory,
		Form: append(ledgerTable(), kit.DryRunField)}, h.apiImport)
}

func (h *Handler) apiUpdateTask(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body plan.TaskUpdate
}) (*kit.Record[plan.Task], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
	x, err := h.plan.UpdateTask(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(x, x.Version, err)
}

func (h *Handler) apiFireTask(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body struct {
		StepIn
		DueUs int64    `json:"dueUs,omitempty" doc:"of ask_extension: the deadline asked for"`
		Files []string `json:"files,omitempty" doc:"ids of evidence that is there already"`
	}
}) (*kit.Record[plan.Task], error) {
	version, err := in.Version()
	if err == nil && in.Body.Step == "" {
		err = fault.Fields(fault.At("step", "请选择一项"))
	}
	if err != nil {
		return nil, err
	}
	x, err := h.plan.FireTask(ctx, api.By(ctx), plan.TaskStep{Step: plan.Step{ID: in.ID,
		Step: in.Body.Step, Reason: in.Body.Reason, Version: version}, DueUs: in.Body.DueUs,
		Files: in.Body.Files, Key: in.Key})
	return kit.RecordOf(x, x.Version, err)
}

func (h *Handler) apiReport(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body plan.NewReport
}) (*kit.Record[plan.Task], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.Task, in.Body.Version, in.Body.Key = in.ID, version, in.Key
	x, err := h.plan.ReportTask(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(x, x.Version, err)
}

func (h *Handler) apiAddEvidence(ctx context.Context, in *struct {
	ByID
	api.Once
	FormIn
}) (*kit.Body[[]planFile], error) {
	var files []plan.FileInput
	for _, head := range in.RawBody.File["files"] {
		f, err := head.Open()
		if err != nil {
			return nil, badForm(err)
		}
		defer f.Close()
		files = append(files, plan.FileInput{Name: head.Filename, Content: f})
	}
	refs, err := h.plan.AddEvidence(ctx, api.By(ctx), plan.Evidence{Task: in.ID, Files: files, Key: in.Key})
	return kit.BodyOf(filesOf(refs), err)
}

// ImportView is what an import did or would do.
type ImportView struct {
	plan.ImportOutcome
	Problems []string `json:"problems" doc:"what is wrong, with the row and the column"`
}

// apiImport checks a table with dryRun=1, and imports it without.
func (h *Handler) apiImport(ctx context.Context, in *struct {
	api.Once
	FormIn
}) (*kit.Body[ImportView], error) {
	file, free, err := in.file(sheet.FieldFile)
	defer free()
	if err != nil {
		return nil, err
	}
	if file == nil {
		return nil, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	}
	v := in.values()
	key := in.Key
	if key == "" {
		key = id.New()
	}
	out, err := h.plan.ImportTasks(ctx, api.By(ctx), plan.TaskImport{Ledger: v.Get("ledger"),
		Begun: v.Get("begun") == "1", DryRun: v.Get("dryRun") == "1", Name: file.Name,
		File: file.Content, Key: key})
	view := ImportView{ImportOutcome: out, Problems: []string{}}
	for _, p := range out.Problems.Kept {
		view.Problems = append(view.Problems, p.Text(i18n.From(ctx)))
	}
	return kit.BodyOf(view, err)
}
