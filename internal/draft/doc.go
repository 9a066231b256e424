// Package draft keeps what people have typed into forms and not sent yet (草稿), one draft for an
// account and a form. It is not business data: a draft has no audit entry, only its author reads
// it, and it goes away when the form is sent or after Keep.
package draft
