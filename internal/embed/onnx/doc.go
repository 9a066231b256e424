// Package onnx makes the vectors of texts on this machine, with a model of the BERT family in the form of
// ONNX and the library ONNX Runtime. It is a retrieval.Embedder, asks nobody, and is needed for nothing.
//
// The library is one in C. Only a program that was built with the tag onnx and with cgo can load it;
// any other says so when it is asked to. That half is runtime.go. Everything else, settings, pieces,
// batches, pooling, is in every program and tested there.
package onnx
