package planhttp

import (
	"net/http"
	"slices"

	"github.com/yuntu-city/yuntu/internal/web"
)

// Routes returns the pages of the room.
func (h *Handler) Routes() []web.Route {
	return slices.Concat(h.docRoutes(), h.taskRoutes(), h.targetRoutes(), h.indicatorRoutes())
}

func (h *Handler) indicatorRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathIndicators, Handle: h.getIndicators,
			UseCases: []string{"plan.ListIndicators"}},
		{Method: get, Path: pathIndicators + "/new", Handle: h.getIndicatorNew,
			UseCases: []string{"plan.CreateIndicator"}},
		{Method: post, Path: pathIndicators + "/new", Handle: h.postIndicatorNew,
			UseCases: []string{"plan.CreateIndicator"}},
		{Method: get, Path: pathIndicators + "/{id}", Handle: h.getIndicator,
			UseCases: []string{"plan.GetIndicator", "plan.IndicatorSaid", "plan.ListTargets"}},
		{Method: get, Path: pathIndicators + "/{id}/edit", Handle: h.getIndicatorEdit,
			UseCases: []string{"plan.GetIndicator"}},
		{Method: post, Path: pathIndicators + "/{id}/edit", Handle: h.postIndicatorEdit,
			UseCases: []string{"plan.UpdateIndicator"}},
	}
}

func (h *Handler) docRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathDocuments, Handle: h.getDocuments,
			UseCases: []string{"plan.ListDocuments", "plan.CountDocuments"}},
		{Method: get, Path: pathDocuments + "/new", Handle: h.getDocNew,
			UseCases: []string{"plan.GetDocument"}},
		{Method: post, Path: pathDocuments + "/new", Handle: h.postDocNew, Upload: true,
			UseCases: []string{"plan.CreateDocument"}},
		{Method: get, Path: pathConflicts, Handle: h.getConflicts,
			UseCases: []string{"plan.ListConflicts"}},
		{Method: get, Path: pathConflicts + "/{conflict}", Handle: h.getConflict,
			UseCases: []string{"plan.GetConflict"}},
		{Method: post, Path: pathConflicts + "/{conflict}", Handle: h.postConflict,
			UseCases: []string{"plan.DecideConflict"}},
		{Method: get, Path: pathDocuments + "/{id}", Handle: h.getDoc,
			UseCases: []string{"plan.GetDocument", "plan.Statements"}},
		{Method: get, Path: pathDocuments + "/{id}/{part}", Handle: h.getDocPart,
			UseCases: []string{"plan.GetDocument", "plan.Statements", "plan.ListStatements",
				"plan.DocumentUses", "plan.ListTargets", "plan.ListTasks", "plan.DraftTarget",
				"plan.DraftTask", "plan.SuggestIndicators", "plan.GetIndicator",
				"plan.SimilarTargets", "plan.SimilarTasks", "plan.ListLedgers",
				"plan.ListConflicts"}},
		{Method: post, Path: pathDocuments + "/{id}/{part}", Handle: h.postDocPart,
			UseCases: []string{"plan.UpdateDocument", "plan.FireDocument", "plan.ReadAgain",
				"plan.DecideStatement", "plan.CorrectStatement", "plan.UndoStatement",
				"plan.AddStatement", "plan.RemoveStatement", "plan.AcceptClear",
				"plan.SetTarget", "plan.CreateTask"}},
		{Method: get, Path: pathDocuments + "/{id}/files/{file}", Handle: h.getDocFile,
			UseCases: []string{"plan.OpenDocumentFile"}},
	}
}

func (h *Handler) taskRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathLedger, Handle: h.getLedger, UseCases: []string{"plan.ListTasks",
			"plan.CountTasks", "plan.Board", "plan.TaskSteps", "plan.WriteTasks", "plan.GoalsOf",
			"plan.ListLedgers"}},
		{Method: get, Path: pathLedger + "/import", Handle: h.getImport,
			UseCases: []string{"plan.ListLedgers", "plan.ListImports"}},
		{Method: post, Path: pathLedger + "/import", Handle: h.postImport, Upload: true,
			UseCases: []string{"plan.ImportTasks", "plan.StartImport"}},
		{Method: get, Path: pathLedger + "/import/{job}", Handle: h.getImportJob,
			UseCases: []string{"plan.GetImport"}},
		{Method: post, Path: pathLedger + "/import/{job}", Handle: h.postImportJob,
			UseCases: []string{"plan.RunImport", "plan.CancelImport"}},
		{Method: get, Path: pathLedger + "/books", Handle: h.getBooks,
			UseCases: []string{"plan.ListLedgers"}},
		{Method: post, Path: pathLedger + "/books", Handle: h.postBooks,
			UseCases: []string{"plan.CreateLedger", "plan.UpdateLedger"}},
		{Method: get, Path: pathTasks + "/mine", Handle: h.getMine,
			UseCases: []string{"plan.MyTasks", "plan.CountTasks"}},
		{Method: get, Path: pathTasks + "/new", Handle: h.getTaskNew,
			UseCases: []string{"plan.GetTask", "plan.ListLedgers", "plan.SimilarTasks"}},
		{Method: post, Path: pathTasks + "/new", Handle: h.postTaskNew,
			UseCases: []string{"plan.CreateTask"}},
		{Method: get, Path: pathTasks + "/{id}", Handle: h.getTask, UseCases: []string{"plan.GetTask"}},
		{Method: get, Path: pathTasks + "/{id}/{part}", Handle: h.getTaskPart,
			UseCases: []string{"plan.GetTask"}},
		{Method: post, Path: pathTasks + "/{id}/{part}", Handle: h.postTaskPart, Upload: true,
			UseCases: []string{"plan.UpdateTask", "plan.FireTask", "plan.ReportTask", "plan.Instruct"}},
		{Method: get, Path: pathTasks + "/{id}/files/{file}", Handle: h.getTaskFile,
			UseCases: []string{"plan.OpenEvidence"}},
	}
}

func (h *Handler) targetRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathTargets, Handle: h.getTargets,
			UseCases: []string{"plan.ListTargets", "plan.CountTargets"}},
		{Method: get, Path: pathTargets + "/{id}", Handle: h.getTarget,
			UseCases: []string{"plan.GetTarget"}},
		{Method: get, Path: pathTargets + "/{id}/{part}", Handle: h.getTargetPart,
			UseCases: []string{"plan.GetTarget"}},
		{Method: post, Path: pathTargets + "/{id}/{part}", Handle: h.postTargetPart,
			UseCases: []string{"plan.UpdateTarget", "plan.Decompose"}},
		{Method: get, Path: pathLights, Handle: h.getLights,
			UseCases: []string{"plan.ListLightRules", "plan.LightRuleAt"}},
		{Method: post, Path: pathLights, Handle: h.postLights,
			UseCases: []string{"plan.AddLightRule"}},
	}
}
