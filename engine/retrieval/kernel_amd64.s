#include "textflag.h"

// func dotRowsAVX2(out *int32, query *int16, rows *byte, n, dim int)
// Needs n > 0 and dim a positive multiple of 32.
TEXT ·dotRowsAVX2(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DX
	MOVQ query+8(FP), SI
	MOVQ rows+16(FP), DI
	MOVQ n+24(FP), CX
	MOVQ dim+32(FP), R8

row:
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	MOVQ  SI, R9
	MOVQ  R8, R10

column:
	VPMOVSXBW    (DI), Y2
	VPMOVSXBW    16(DI), Y3
	VPMADDWD     (R9), Y2, Y2
	VPMADDWD     32(R9), Y3, Y3
	VPADDD       Y2, Y0, Y0
	VPADDD       Y3, Y1, Y1
	ADDQ         $32, DI
	ADDQ         $64, R9
	SUBQ         $32, R10
	JNZ          column
	VPADDD       Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0x4E, X0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0xB1, X0, X1
	VPADDD       X1, X0, X0
	VMOVD        X0, (DX)
	ADDQ         $4, DX
	DECQ         CX
	JNZ          row
	VZEROUPPER
	RET

// func scanAVX2(marks *uint64, sums *uint16, words int, least uint16)
// Needs words > 0.
TEXT ·scanAVX2(SB), NOSPLIT, $0-26
	MOVQ         marks+0(FP), DI
	MOVQ         sums+8(FP), SI
	MOVQ         words+16(FP), CX
	MOVWLZX      least+24(FP), AX
	MOVQ         AX, X0
	VPBROADCASTW X0, Y0

word:
	VMOVDQU   (SI), Y1
	VMOVDQU   32(SI), Y2
	VMOVDQU   64(SI), Y3
	VMOVDQU   96(SI), Y4
	VPMAXUW   Y0, Y1, Y5
	VPMAXUW   Y0, Y2, Y6
	VPMAXUW   Y0, Y3, Y7
	VPMAXUW   Y0, Y4, Y8
	VPCMPEQW  Y5, Y1, Y1
	VPCMPEQW  Y6, Y2, Y2
	VPCMPEQW  Y7, Y3, Y3
	VPCMPEQW  Y8, Y4, Y4
	VPACKSSWB Y2, Y1, Y1
	VPACKSSWB Y4, Y3, Y3
	VPERMQ    $0xD8, Y1, Y1
	VPERMQ    $0xD8, Y3, Y3
	VPMOVMSKB Y1, AX
	VPMOVMSKB Y3, BX
	MOVL      AX, (DI)
	MOVL      BX, 4(DI)
	ADDQ      $128, SI
	ADDQ      $8, DI
	DECQ      CX
	JNZ       word
	VZEROUPPER
	RET

// func addColumnAVX2(sums *uint16, column *byte, n int, step uint16)
// Needs n a positive multiple of 32.
TEXT ·addColumnAVX2(SB), NOSPLIT, $0-26
	MOVQ         sums+0(FP), DI
	MOVQ         column+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVWLZX      step+24(FP), AX
	MOVQ         AX, X0
	VPBROADCASTW X0, Y0

add:
	VPMOVZXBW (SI), Y1
	VPMOVZXBW 16(SI), Y2
	VPMULLW   Y0, Y1, Y1
	VPMULLW   Y0, Y2, Y2
	VPADDW    (DI), Y1, Y1
	VPADDW    32(DI), Y2, Y2
	VMOVDQU   Y1, (DI)
	VMOVDQU   Y2, 32(DI)
	ADDQ      $32, SI
	ADDQ      $64, DI
	SUBQ      $32, CX
	JNZ       add
	VZEROUPPER
	RET

// func addColumnsAVX2(sums *uint16, c0, c1, c2, c3 *byte, n int, steps *uint16)
// Needs n a positive multiple of 16.
TEXT ·addColumnsAVX2(SB), NOSPLIT, $0-56
	MOVQ         sums+0(FP), DI
	MOVQ         c0+8(FP), SI
	MOVQ         c1+16(FP), R8
	MOVQ         c2+24(FP), R9
	MOVQ         c3+32(FP), R10
	MOVQ         n+40(FP), CX
	MOVQ         steps+48(FP), BX
	VPBROADCASTW (BX), Y0
	VPBROADCASTW 2(BX), Y1
	VPBROADCASTW 4(BX), Y2
	VPBROADCASTW 6(BX), Y3
	XORQ         AX, AX

columns:
	VPMOVZXBW (SI)(AX*1), Y4
	VPMOVZXBW (R8)(AX*1), Y5
	VPMOVZXBW (R9)(AX*1), Y6
	VPMOVZXBW (R10)(AX*1), Y7
	VPMULLW   Y0, Y4, Y4
	VPMULLW   Y1, Y5, Y5
	VPMULLW   Y2, Y6, Y6
	VPMULLW   Y3, Y7, Y7
	VPADDW    Y5, Y4, Y4
	VPADDW    Y7, Y6, Y6
	VPADDW    Y6, Y4, Y4
	VPADDW    (DI)(AX*2), Y4, Y4
	VMOVDQU   Y4, (DI)(AX*2)
	ADDQ      $16, AX
	CMPQ      AX, CX
	JB        columns
	VZEROUPPER
	RET

// func addScaledAVX2(y, x *float32, n int, f float32)
// Needs n a positive multiple of 16. Products are rounded before they are added, as in Go.
TEXT ·addScaledAVX2(SB), NOSPLIT, $0-28
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSS f+24(FP), Y0

scaled:
	VMULPS  (SI), Y0, Y1
	VMULPS  32(SI), Y0, Y2
	VADDPS  (DI), Y1, Y1
	VADDPS  32(DI), Y2, Y2
	VMOVUPS Y1, (DI)
	VMOVUPS Y2, 32(DI)
	ADDQ    $64, SI
	ADDQ    $64, DI
	SUBQ    $16, CX
	JNZ     scaled
	VZEROUPPER
	RET

#define STEP(at, a, b) \
	VPBROADCASTD at, Z31;      \
	VPDPBUSD     Z28, Z31, a;  \
	VPDPBUSD     Z29, Z31, b

// func tileVNNI(out *int32, queries, panel *byte, bias *int32, dim int)
// Adds to the bias of 32 documents their products with 12 queries of unsigned bytes, and writes
// out[query][document]. A panel holds four bytes of each document in turn.
TEXT ·tileVNNI(SB), NOSPLIT, $0-40
	MOVQ      out+0(FP), DX
	MOVQ      queries+8(FP), SI
	MOVQ      panel+16(FP), DI
	MOVQ      bias+24(FP), BX
	MOVQ      dim+32(FP), CX
	MOVQ      CX, R8
	LEAQ      (R8)(R8*2), R9
	LEAQ      (SI)(R8*4), R10
	LEAQ      (R10)(R8*4), R11
	VMOVDQU64 (BX), Z0
	VMOVDQU64 64(BX), Z1
	VMOVDQA64 Z0, Z2
	VMOVDQA64 Z1, Z3
	VMOVDQA64 Z0, Z4
	VMOVDQA64 Z1, Z5
	VMOVDQA64 Z0, Z6
	VMOVDQA64 Z1, Z7
	VMOVDQA64 Z0, Z8
	VMOVDQA64 Z1, Z9
	VMOVDQA64 Z0, Z10
	VMOVDQA64 Z1, Z11
	VMOVDQA64 Z0, Z12
	VMOVDQA64 Z1, Z13
	VMOVDQA64 Z0, Z14
	VMOVDQA64 Z1, Z15
	VMOVDQA64 Z0, Z16
	VMOVDQA64 Z1, Z17
	VMOVDQA64 Z0, Z18
	VMOVDQA64 Z1, Z19
	VMOVDQA64 Z0, Z20
	VMOVDQA64 Z1, Z21
	VMOVDQA64 Z0, Z22
	VMOVDQA64 Z1, Z23

four:
	VMOVDQU64 (DI), Z28
	VMOVDQU64 64(DI), Z29
	STEP((SI), Z0, Z1)
	STEP((SI)(R8*1), Z2, Z3)
	STEP((SI)(R8*2), Z4, Z5)
	STEP((SI)(R9*1), Z6, Z7)
	STEP((R10), Z8, Z9)
	STEP((R10)(R8*1), Z10, Z11)
	STEP((R10)(R8*2), Z12, Z13)
	STEP((R10)(R9*1), Z14, Z15)
	STEP((R11), Z16, Z17)
	STEP((R11)(R8*1), Z18, Z19)
	STEP((R11)(R8*2), Z20, Z21)
	STEP((R11)(R9*1), Z22, Z23)
	ADDQ      $4, SI
	ADDQ      $4, R10
	ADDQ      $4, R11
	ADDQ      $128, DI
	SUBQ      $4, CX
	JNZ       four
	VMOVDQU64 Z0, (DX)
	VMOVDQU64 Z1, 64(DX)
	VMOVDQU64 Z2, 128(DX)
	VMOVDQU64 Z3, 192(DX)
	VMOVDQU64 Z4, 256(DX)
	VMOVDQU64 Z5, 320(DX)
	VMOVDQU64 Z6, 384(DX)
	VMOVDQU64 Z7, 448(DX)
	VMOVDQU64 Z8, 512(DX)
	VMOVDQU64 Z9, 576(DX)
	VMOVDQU64 Z10, 640(DX)
	VMOVDQU64 Z11, 704(DX)
	VMOVDQU64 Z12, 768(DX)
	VMOVDQU64 Z13, 832(DX)
	VMOVDQU64 Z14, 896(DX)
	VMOVDQU64 Z15, 960(DX)
	VMOVDQU64 Z16, 1024(DX)
	VMOVDQU64 Z17, 1088(DX)
	VMOVDQU64 Z18, 1152(DX)
	VMOVDQU64 Z19, 1216(DX)
	VMOVDQU64 Z20, 1280(DX)
	VMOVDQU64 Z21, 1344(DX)
	VMOVDQU64 Z22, 1408(DX)
	VMOVDQU64 Z23, 1472(DX)
	VZEROUPPER
	RET

// func aboveAVX512(masks *uint32, out, lines *int32)
// For each of 12 queries the bits of those of 32 documents whose product is above its line.
TEXT ·aboveAVX512(SB), NOSPLIT, $0-24
	MOVQ masks+0(FP), DX
	MOVQ out+8(FP), SI
	MOVQ lines+16(FP), DI
	MOVQ $12, CX

query:
	VPBROADCASTD (DI), Z0
	VMOVDQU64    (SI), Z1
	VMOVDQU64    64(SI), Z2
	VPCMPGTD     Z0, Z1, K1
	VPCMPGTD     Z0, Z2, K2
	KMOVW        K1, AX
	KMOVW        K2, BX
	SHLL         $16, BX
	ORL          AX, BX
	MOVL         BX, (DX)
	ADDQ         $4, DI
	ADDQ         $4, DX
	ADDQ         $128, SI
	DECQ         CX
	JNZ          query
	VZEROUPPER
	RET

// func apartRowsPOPCNT(out *byte, first, second uint64, signs *byte, n int)
// Needs n > 0; a row of signs has sixteen bytes.
TEXT ·apartRowsPOPCNT(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DX
	MOVQ first+8(FP), R8
	MOVQ second+16(FP), R9
	MOVQ signs+24(FP), SI
	MOVQ n+32(FP), CX

apart:
	MOVQ    (SI), AX
	MOVQ    8(SI), BX
	XORQ    R8, AX
	XORQ    R9, BX
	POPCNTQ AX, AX
	POPCNTQ BX, BX
	ADDL    BX, AX
	MOVB    AX, (DX)
	ADDQ    $16, SI
	INCQ    DX
	DECQ    CX
	JNZ     apart
	RET
