// Package embed asks a service for the vectors of texts: one with the API of OpenAI's embeddings, as
// local servers of models have it too. It is a retrieval.Embedder. The city works without one; who
// switches it on sends the public texts of posts there.
package embed
