// Package ui is the face: design tokens, the stylesheet, the script, the page frame and all
// components that pages are made of.
//
// # Rules
//
// Every string in a view struct is display-ready: translated with i18n.T or formatted already, in
// the language of the request. The templates of this package translate only their own words, by
// the language of ctx (i18n.With), which must be Page.Lang. Addresses are paths of this site.
//
// Everything works without JavaScript. htmx 4 and app.js only make it quicker: a handler answers
// each address with the whole page, and with the inner part alone when PartialRequest(r) is true.
//
//	if ui.PartialRequest(r) {
//		return results(l).Render(ctx, w)   // ui.Results("", …) {…}
//	}
//	return page(p, l).Render(ctx, w)       // ui.Shell(p) { … @results(l) … }
//
// In templ, a component stands on its own line: "text @Comp(x)" prints "@Comp(x)". No inline
// style, script or on… attribute: the content security policy (CSP) refuses them.
//
// # Frame
//
//	Shell(Page) {content}             the whole page; Page.Surface is Public, Staff or Bare
//	PageHead(Head) {more actions}     the only h1; Head.Actions holds at most one Primary
//	Crumbs([]Link)                    Shell draws Page.Crumbs itself
//	PrintShell(Page, Document) {…}    a page for paper
//	ErrorPage(Failure)                inside Shell; made by FailureOf(lang, status, err, request)
//	Assets(), AssetURL(name)          the files below PathAssets
//	ToastHeader(text)                 value of the HX-Trigger header that shows a toast
//	CSP                               the policy to send as it is
//	PathPrefs, PathRole, PathLogin …  addresses the frame posts to
//
// # Lists
//
//	FilterBar(Filters)                FilterSearch, -Select, -Text, -Dates, -Check
//	Results(id, label) {…}            what a partial request gets; id "" = "results"
//	ResultHead(ResultBar)             count, chips, clear, views, exports
//	DataTable(Table)                  Column, Row, Cell; Table.Batch adds check boxes and a bar
//	Pager(Paging)                     first, previous, next, last of keyset paging
//	Tabs(label, []Tab) {panel}        one per page; always answer with the whole page
//	Chips, PlainList, Empty(title, hint) {one action}
//
// # Records
//
//	WithAside(aside) {main}           Facts(title, []Fact) usually is the aside
//	FactList, FactGrid([]Fact)        Fact.Mask shows part of a value (MaskedValue)
//	Timeline([]Entry)                 Entry.Seen says who may see it, Entry.Changes what changed
//	Status(State), Tag, Kind, CopyID, Banner(tone, text), Block(title) {…}, Prose() {…}
//	DrawerHead(title, href)           starts the answer when Target(r) == "drawer" (Cell.Drawer)
//
// # Forms
//
//	Form(FormView) {fields}           summary, version, autosave, buttons, locked
//	Field(Input)                      label, hint, message, control; Input.Kind
//	FieldSet(legend, hint) {fields}
//	SummaryOf(lang, err), Mark(lang, inputs, err)   put a fault on the form
//	Combobox(Combo)                   its Source gets ?q=…&list=…, answers ComboOptions(list, …);
//	                                  without JavaScript <name>_q is the text, drop_<name> an id
//	EditableRows(EditRows)            names by RowName("list", i, "field"), read by RowNumbers;
//	                                  without JavaScript the form comes with add=contacts or
//	                                  remove=contacts.1: show it again, save nothing
//	Upload(UploadView), TreeChoice(name, legend, nodes)
//	Steps(label, []Step), Wizard(steps, notes) {form}
//	Confirm(Question) {…}             asks before what cannot be undone
//	Button(Action), PostButton(Post)
//
// # Work and trouble
//
//	Progress(Work)                    polls itself each second; set Page.Refresh for no-JS
//	Diff(Stale)                       both versions after a stale write
//	ErrorSummary(Summary)             Form draws it itself
//
// # Classes for the markup of pages
//
//	.hero (.solo without a picture), form.search-lg, ul.quick   the home page
//	.doors > a.door > strong + span                             entrances with a sentence each
//	.two > .block · .charts > figure                            columns that fold on phones
//	.login · ul.todo > li · .secret                             log-in form, work list, key shown once
//	.muted .mono .num .sr .lead .hint .saved                    grey, fixed width, digits, unseen …
//
// A page needs a class that is not here? Add it to css/pages.css and run
// "go test ./internal/ui -run Stylesheet -update".
//
// Charts (Figure, Plot, BarTable, HeatTable, Stats, Spark) are in package chart and use the same
// stylesheet.
package ui
