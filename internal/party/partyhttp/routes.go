package partyhttp

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/web"
)

// Routes returns the pages of the registry.
func (h *Handler) Routes() []web.Route {
	return append(h.orgRoutes(), h.personRoutes()...)
}

func (h *Handler) orgRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	importing := []string{"party.StartImport", "party.ListImports"}
	return []web.Route{
		{Method: get, Path: "/orgs", Access: web.Everyone, Handle: h.getOrgs, UseCases: []string{
			"party.ListOrganisations", "party.CountOrganisations", "party.ExportOrganisations"}},
		{Method: get, Path: "/orgs/new", Handle: h.getOrgNew},
		{Method: post, Path: "/orgs/new", Handle: h.postOrgNew, UseCases: []string{
			"party.CreateOrganisation", "party.SimilarOrganisations"}},
		{Method: get, Path: "/orgs/similar", Access: web.Everyone, Handle: h.getSimilar,
			UseCases: []string{"party.SimilarOrganisations"}},
		{Method: get, Path: "/orgs/import", Handle: h.getImport(orgIntake), UseCases: importing},
		{Method: post, Path: "/orgs/import", Handle: h.postImport(orgIntake), Upload: true,
			UseCases: importing},
		{Method: get, Path: "/orgs/import/{job}", Handle: h.getImportJob, UseCases: []string{
			"party.GetImport", "party.ImportReport"}},
		{Method: post, Path: "/orgs/import/{job}", Handle: h.postImportJob, UseCases: []string{
			"party.RunImport", "party.CancelImport"}},
		{Method: get, Path: "/orgs/{id}", Access: web.Everyone, Handle: h.getOrg,
			UseCases: []string{"party.GetOrganisation", "party.OrganisationBeside",
				"party.OrgSteps", "party.OrganisationSources", "party.SimilarOrganisations"}},
		{Method: get, Path: "/orgs/{id}/{part}", Access: web.Everyone, Handle: h.getOrgPart,
			UseCases: []string{"party.GetOrganisation", "party.OrgSteps", "party.ListPeople",
				"party.Timeline", "party.OrganisationSources", "party.OrganisationMerges"}},
		{Method: post, Path: "/orgs/{id}/{part}", Handle: h.postOrgPart,
			UseCases: []string{"party.UpdateOrganisation", "party.FireOrganisation",
				"party.AddAlias", "party.RemoveAlias", "party.MergeOrganisations",
				"party.SplitOrganisation", "party.RevealContact"}},
		{Method: get, Path: "/pick/region", Access: web.Everyone, Handle: h.getPickRegion},
		{Method: get, Path: "/pick/industry", Access: web.Everyone, Handle: h.getPickIndustry},
		{Method: get, Path: "/pick/org", Access: web.Everyone, Handle: h.getPickOrg,
			UseCases: []string{"party.ListOrganisations"}},
	}
}

func (h *Handler) personRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	importing := []string{"party.StartImport", "party.ListImports"}
	return []web.Route{
		{Method: get, Path: "/people", Access: web.Everyone, Handle: h.getPeople,
			UseCases: []string{"party.ListPeople", "party.CountPeople", "party.ExportPeople"}},
		{Method: get, Path: "/people/new", Handle: h.getPersonNew},
		{Method: post, Path: "/people/new", Handle: h.postPersonNew, UseCases: []string{
			"party.CreatePerson", "party.SimilarPeople"}},
		{Method: get, Path: "/people/import", Handle: h.getImport(personIntake),
			UseCases: importing},
		{Method: post, Path: "/people/import", Handle: h.postImport(personIntake), Upload: true,
			UseCases: importing},
		{Method: get, Path: "/people/import/{job}", Handle: h.getImportJob, UseCases: []string{
			"party.GetImport", "party.ImportReport"}},
		{Method: post, Path: "/people/import/{job}", Handle: h.postImportJob, UseCases: []string{
			"party.RunImport", "party.CancelImport"}},
		{Method: get, Path: "/people/{id}", Access: web.Everyone, Handle: h.getPerson,
			UseCases: []string{"party.GetPerson", "party.PersonBeside"}},
		{Method: get, Path: "/people/{id}/{part}", Access: web.Everyone, Handle: h.getPersonPart,
			UseCases: []string{"party.GetPerson", "party.PersonTimeline"}},
		{Method: post, Path: "/people/{id}/{part}", Handle: h.postPersonPart,
			UseCases: []string{"party.UpdatePerson", "party.RevealPerson", "party.ArchivePerson",
				"party.AddMembership", "party.EndMembership"}},
	}
}
