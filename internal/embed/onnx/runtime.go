//go:build onnx

package onnx

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// loaded is the library of this process: ONNX Runtime can be loaded once, and stays.
var loaded struct {
	sync.Mutex
	library string
}

// usualLibrary is the name by which the system finds ONNX Runtime.
func usualLibrary() string {
	switch runtime.GOOS {
	case "windows":
		return "onnxruntime.dll"
	case "darwin":
		return "libonnxruntime.dylib"
	}
	return "libonnxruntime.so.1"
}

// load loads the library.
func load(library string) error {
	if library == "" {
		library = usualLibrary()
	}
	loaded.Lock()
	defer loaded.Unlock()
	if ort.IsInitialized() {
		if library != loaded.library {
			return invalid("已载入 ONNX Runtime 的库“%s”，不能再载入“%s”", loaded.library, library)
		}
		return nil
	}
	ort.SetSharedLibraryPath(library)
	// Errors come back to us; the library need not print them too.
	if err := ort.InitializeEnvironment(ort.WithLogLevelFatal()); err != nil {
		return invalid("不能载入 ONNX Runtime 的库“%s”（须 1.24 或更新）：%s", library, err.Error())
	}
	loaded.library = library
	return ort.DisableTelemetry() // some builds of it report to their maker
}

// The inputs of the models of the family.
const (
	inputIDs   = "input_ids"
	inputMask  = "attention_mask"
	inputTypes = "token_type_ids" // of which sentence a piece is; there is one
)

// usualOutputs are the names of outputs, the best first: a vector for each text, or for each piece.
var usualOutputs = []string{"sentence_embedding", "last_hidden_state", "token_embeddings"}

// ortSession is a session of ONNX Runtime, which is safe for concurrent use.
type ortSession struct {
	s      *ort.DynamicAdvancedSession
	inputs []string
}

// newSession reads a model and finds its inputs and its output.
func newSession(file string, s settings) (session, error) {
	in, out, err := describe(file)
	if err != nil {
		return nil, invalid("模型目录中的“%s”有误：%s", s.Model, err.Error())
	}
	inputs, err := inputsOf(in)
	if err != nil {
		return nil, err
	}
	output, err := outputOf(out, s.Output)
	if err != nil {
		return nil, err
	}
	r, err := prepare(file, inputs, output)
	if err != nil {
		return nil, invalid("模型目录中的“%s”有误：%s", s.Model, err.Error())
	}
	return &ortSession{r, inputs}, nil
}

// prepare reads a model to run it on all processors, whose threads wait without keeping them busy: others
// work on the machine too.
func prepare(file string, inputs []string, output string) (*ort.DynamicAdvancedSession, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer o.Destroy()
	if err := o.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); err != nil {
		return nil, err
	}
	return ort.NewDynamicAdvancedSession(file, inputs, []string{output}, o)
}

// describe lists the inputs and outputs of a model, which is read for it without being made faster.
func describe(file string) (in, out []ort.InputOutputInfo, err error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, nil, err
	}
	defer o.Destroy()
	if err := o.SetGraphOptimizationLevel(ort.GraphOptimizationLevelDisableAll); err != nil {
		return nil, nil, err
	}
	return ort.GetInputOutputInfoWithOptions(file, o)
}

// inputsOf names the inputs of a model, all of which must be ours.
func inputsOf(list []ort.InputOutputInfo) ([]string, error) {
	var names []string
	for _, in := range list {
		ours := in.Name == inputIDs || in.Name == inputMask || in.Name == inputTypes
		if !ours || in.DataType != ort.TensorElementDataTypeInt64 {
			return nil, invalid("模型需要的输入“%s”不支持，只支持 input_ids、attention_mask 与 token_type_ids（int64）",
				in.Name)
		}
		names = append(names, in.Name)
	}
	for _, name := range []string{inputIDs, inputMask} {
		if !slices.Contains(names, name) {
			return nil, invalid("模型没有输入“%s”", name)
		}
	}
	return names, nil
}

// outputOf names the output to use: the one that is wanted, one of the usual names, or else the first
// that can be.
func outputOf(list []ort.InputOutputInfo, wanted string) (string, error) {
	var names []string
	for _, out := range list {
		rank := len(out.Dimensions)
		if out.DataType == ort.TensorElementDataTypeFloat && (rank == 2 || rank == 3) {
			names = append(names, out.Name)
		}
	}
	if wanted != "" {
		if !slices.Contains(names, wanted) {
			return "", invalid("模型没有可用的输出“%s”（float32，每词元或每条文字一个向量）", wanted)
		}
		return wanted, nil
	}
	for _, name := range slices.Concat(usualOutputs, names) {
		if slices.Contains(names, name) {
			return name, nil
		}
	}
	return "", invalid("模型没有可用的输出（float32，每词元或每条文字一个向量）")
}

func (s *ortSession) close() error { return s.s.Destroy() }

// run runs the model on a batch, and ends early with ctx.
func (s *ortSession) run(ctx context.Context, b *batch) (answer, error) {
	var inputs []ort.Value
	defer func() {
		for _, v := range inputs {
			v.Destroy()
		}
	}()
	shape := ort.NewShape(int64(b.rows), int64(b.width))
	data := map[string][]int64{inputIDs: b.ids, inputMask: b.mask, inputTypes: make([]int64, len(b.ids))}
	for _, name := range s.inputs {
		v, err := ort.NewTensor(shape, data[name])
		if err != nil {
			return answer{}, fmt.Errorf("embed: %w", err)
		}
		inputs = append(inputs, v)
	}
	outputs := []ort.Value{nil}
	if err := s.interruptible(ctx, inputs, outputs); err != nil {
		return answer{}, err
	}
	defer outputs[0].Destroy()
	t, ok := outputs[0].(*ort.Tensor[float32])
	if !ok {
		return answer{}, fmt.Errorf("embed: the model answers with %T", outputs[0])
	}
	return answer{t.GetShape(), t.GetData()}, nil
}

// interruptible runs the model until it is done or ctx is.
func (s *ortSession) interruptible(ctx context.Context, inputs, outputs []ort.Value) error {
	o, err := ort.NewRunOptions()
	if err != nil {
		return fmt.Errorf("embed: %w", err)
	}
	defer o.Destroy()
	told := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(told)
		_ = o.Terminate()
	})
	err = s.s.RunWithOptions(inputs, outputs, o)
	if !stop() {
		<-told // o is still in use
	}
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("embed: %w", err)
	}
	return nil
}
