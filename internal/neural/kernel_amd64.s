#include "textflag.h"

// The sums of one output channel lie 4·runLength bytes after those of the one before.
#define NEXT 2048

// One output channel's part of a tap: its pair of weights times sixteen (eight) pairs of samples, added to its sums.
#define TAP16(j, s, t) \
	VPBROADCASTD (4*j)(R12), Y10 \
	VPMADDWD Y8, Y10, Y11 \
	VPMADDWD Y9, Y10, Y12 \
	VPADDD Y11, s, s \
	VPADDD Y12, t, t

#define TAP8(j, s) \
	VPBROADCASTD (4*j)(R12), Y10 \
	VPMADDWD Y8, Y10, Y11 \
	VPADDD Y11, s, s

// One output channel's sums made floats: in their unit, with the bias, and not below the least value, which VMAXPS takes
// unless the other is the greater.
#define FINISH(j, s, a, least) \
	VCVTDQ2PS s, s \
	VBROADCASTSS (4*j)(DI), a \
	VMULPS a, s, s \
	VBROADCASTSS (16+4*j)(DI), a \
	VADDPS a, s, s \
	VMAXPS least, s, s

// func sweepAVX2(sums *sums, n int, in, offsets *int32, taps int, weights *int32, f *finish)
//
// sweepGo for n ≥ 8 pixels, 16 at a time with their sums in registers. The last pixels are done eight at a time, the
// last eight overlapping those before where n is no multiple of eight.
TEXT ·sweepAVX2(SB), NOSPLIT, $0-56
	MOVQ sums+0(FP), R8
	MOVQ n+8(FP), R9
	MOVQ in+16(FP), SI
	MOVQ offsets+24(FP), DX
	MOVQ taps+32(FP), CX
	MOVQ weights+40(FP), BX
	MOVQ f+48(FP), DI
	VBROADCASTSS 32(DI), Y13

sixteen:
	CMPQ R9, $16
	JLT  eight
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7
	MOVQ DX, R10
	MOVQ CX, R11
	MOVQ BX, R12

tap16:
	MOVLQSX (R10), R13
	VMOVDQU (SI)(R13*4), Y8
	VMOVDQU 32(SI)(R13*4), Y9
	TAP16(0, Y0, Y1)
	TAP16(1, Y2, Y3)
	TAP16(2, Y4, Y5)
	TAP16(3, Y6, Y7)
	ADDQ $4, R10
	ADDQ $16, R12
	DECQ R11
	JNZ  tap16

	FINISH(0, Y0, Y10, Y13)
	FINISH(0, Y1, Y10, Y13)
	FINISH(1, Y2, Y10, Y13)
	FINISH(1, Y3, Y10, Y13)
	FINISH(2, Y4, Y10, Y13)
	FINISH(2, Y5, Y10, Y13)
	FINISH(3, Y6, Y10, Y13)
	FINISH(3, Y7, Y10, Y13)
	VMOVUPS Y0, (R8)
	VMOVUPS Y1, 32(R8)
	VMOVUPS Y2, NEXT(R8)
	VMOVUPS Y3, (NEXT+32)(R8)
	VMOVUPS Y4, (2*NEXT)(R8)
	VMOVUPS Y5, (2*NEXT+32)(R8)
	VMOVUPS Y6, (3*NEXT)(R8)
	VMOVUPS Y7, (3*NEXT+32)(R8)
	ADDQ $64, SI
	ADDQ $64, R8
	SUBQ $16, R9
	JMP  sixteen

eight:
	TESTQ R9, R9
	JEQ   done
	CMPQ  R9, $8
	JGE   whole

	// Back to eight pixels before the end.
	LEAQ -8(R9), R13
	LEAQ (SI)(R13*4), SI
	LEAQ (R8)(R13*4), R8
	MOVQ $8, R9

whole:
	VPXOR Y0, Y0, Y0
	VPXOR Y2, Y2, Y2
	VPXOR Y4, Y4, Y4
	VPXOR Y6, Y6, Y6
	MOVQ DX, R10
	MOVQ CX, R11
	MOVQ BX, R12

tap8:
	MOVLQSX (R10), R13
	VMOVDQU (SI)(R13*4), Y8
	TAP8(0, Y0)
	TAP8(1, Y2)
	TAP8(2, Y4)
	TAP8(3, Y6)
	ADDQ $4, R10
	ADDQ $16, R12
	DECQ R11
	JNZ  tap8

	FINISH(0, Y0, Y10, Y13)
	FINISH(1, Y2, Y10, Y13)
	FINISH(2, Y4, Y10, Y13)
	FINISH(3, Y6, Y10, Y13)
	VMOVUPS Y0, (R8)
	VMOVUPS Y2, NEXT(R8)
	VMOVUPS Y4, (2*NEXT)(R8)
	VMOVUPS Y6, (3*NEXT)(R8)
	ADDQ $32, SI
	ADDQ $32, R8
	SUBQ $8, R9
	JMP  eight

done:
	VZEROUPPER
	RET

// One output channel's part of a tap, as TAP16, of 64 (32) pixels; product and sum are one instruction.
#define TAP64(j, s, t, u, v) \
	VPBROADCASTD (4*j)(R12), Z20 \
	VPDPWSSD Z16, Z20, s \
	VPDPWSSD Z17, Z20, t \
	VPDPWSSD Z18, Z20, u \
	VPDPWSSD Z19, Z20, v

#define TAP32(j, s, t) \
	VPBROADCASTD (4*j)(R12), Z20 \
	VPDPWSSD Z16, Z20, s \
	VPDPWSSD Z17, Z20, t

#define ZERO(s, t, u, v) \
	VPXORD s, s, s \
	VPXORD t, t, t \
	VPXORD u, u, u \
	VPXORD v, v, v

// One output channel's sums of 64 (32) pixels finished and written.
#define WRITE64(j, s, t, u, v) \
	FINISH(j, s, Z20, Z21) \
	FINISH(j, t, Z20, Z21) \
	FINISH(j, u, Z20, Z21) \
	FINISH(j, v, Z20, Z21) \
	VMOVUPS s, (j*NEXT)(R8) \
	VMOVUPS t, (j*NEXT+64)(R8) \
	VMOVUPS u, (j*NEXT+128)(R8) \
	VMOVUPS v, (j*NEXT+192)(R8)

#define WRITE32(j, s, t) \
	FINISH(j, s, Z20, Z21) \
	FINISH(j, t, Z20, Z21) \
	VMOVUPS s, (j*NEXT)(R8) \
	VMOVUPS t, (j*NEXT+64)(R8)

// func sweepVNNI(sums *sums, n int, in, offsets *int32, taps int, weights *int32, f *finish)
//
// sweepGo for n ≥ 32 pixels, 64 at a time, which hides how long a sum takes. The last are done 64 or 32 at a time, overlapping
// those before where n is no multiple.
TEXT ·sweepVNNI(SB), NOSPLIT, $0-56
	MOVQ sums+0(FP), R8
	MOVQ n+8(FP), R9
	MOVQ in+16(FP), SI
	MOVQ offsets+24(FP), DX
	MOVQ taps+32(FP), CX
	MOVQ weights+40(FP), BX
	MOVQ f+48(FP), DI
	VBROADCASTSS 32(DI), Z21
	MOVQ R9, AX

next:
	CMPQ  R9, $64
	JGE   sixtyfour
	TESTQ R9, R9
	JEQ   finished
	CMPQ  R9, $32
	JEQ   thirtytwo
	MOVQ  $32, R11
	JLT   back
	CMPQ  AX, $64
	JLT   thirtytwo
	MOVQ  $64, R11

back:
	// Back to 32 or 64 pixels before the end.
	SUBQ R11, R9
	LEAQ (SI)(R9*4), SI
	LEAQ (R8)(R9*4), R8
	MOVQ R11, R9
	CMPQ R9, $64
	JLT  thirtytwo

sixtyfour:
	ZERO(Z0, Z1, Z2, Z3)
	ZERO(Z4, Z5, Z6, Z7)
	ZERO(Z8, Z9, Z10, Z11)
	ZERO(Z12, Z13, Z14, Z15)
	MOVQ DX, R10
	MOVQ CX, R11
	MOVQ BX, R12

tap64:
	MOVLQSX (R10), R13
	VMOVDQU32 (SI)(R13*4), Z16
	VMOVDQU32 64(SI)(R13*4), Z17
	VMOVDQU32 128(SI)(R13*4), Z18
	VMOVDQU32 192(SI)(R13*4), Z19
	TAP64(0, Z0, Z1, Z2, Z3)
	TAP64(1, Z4, Z5, Z6, Z7)
	TAP64(2, Z8, Z9, Z10, Z11)
	TAP64(3, Z12, Z13, Z14, Z15)
	ADDQ $4, R10
	ADDQ $16, R12
	DECQ R11
	JNZ  tap64

	WRITE64(0, Z0, Z1, Z2, Z3)
	WRITE64(1, Z4, Z5, Z6, Z7)
	WRITE64(2, Z8, Z9, Z10, Z11)
	WRITE64(3, Z12, Z13, Z14, Z15)
	ADDQ $256, SI
	ADDQ $256, R8
	SUBQ $64, R9
	JMP  next

thirtytwo:
	ZERO(Z0, Z1, Z2, Z3)
	ZERO(Z4, Z5, Z6, Z7)
	MOVQ DX, R10
	MOVQ CX, R11
	MOVQ BX, R12

tap32:
	MOVLQSX (R10), R13
	VMOVDQU32 (SI)(R13*4), Z16
	VMOVDQU32 64(SI)(R13*4), Z17
	TAP32(0, Z0, Z1)
	TAP32(1, Z2, Z3)
	TAP32(2, Z4, Z5)
	TAP32(3, Z6, Z7)
	ADDQ $4, R10
	ADDQ $16, R12
	DECQ R11
	JNZ  tap32

	WRITE32(0, Z0, Z1)
	WRITE32(1, Z2, Z3)
	WRITE32(2, Z4, Z5)
	WRITE32(3, Z6, Z7)
	ADDQ $128, SI
	ADDQ $128, R8
	SUBQ $32, R9
	JMP  next

finished:
	VZEROUPPER
	RET

// func peakAVX2(v *float32, n int) float32
//
// peakGo for n ≥ 8 floats, the last eight overlapping those before where n is no multiple of eight.
TEXT ·peakAVX2(SB), NOSPLIT, $0-20
	MOVQ     v+0(FP), SI
	MOVQ     n+8(FP), CX
	VPCMPEQD Y2, Y2, Y2
	VPSRLD   $1, Y2, Y2 // all bits but the sign
	VPXOR    Y0, Y0, Y0

more:
	VANDPS (SI), Y2, Y1
	VMAXPS Y0, Y1, Y0
	ADDQ   $32, SI
	SUBQ   $8, CX
	CMPQ   CX, $8
	JGE    more
	TESTQ  CX, CX
	JEQ    across

	LEAQ   -8(CX), CX
	VANDPS (SI)(CX*4), Y2, Y1
	VMAXPS Y0, Y1, Y0

across:
	VEXTRACTF128 $1, Y0, X1
	VMAXPS       X0, X1, X0
	VPERMILPS    $0x0e, X0, X1
	VMAXPS       X0, X1, X0
	VPERMILPS    $0x01, X0, X1
	VMAXPS       X0, X1, X0
	VMOVSS       X0, ret+16(FP)
	VZEROUPPER
	RET

// One vector of roundRowAVX2.
#define ROUND8(first, second, dst) \
	VMULPS   first, Y4, Y0 \
	VMULPS   second, Y5, Y1 \
	VADDPS   Y6, Y0, Y0 \
	VADDPS   Y6, Y1, Y1 \
	VPSLLD   $16, Y1, Y1 \
	VPBLENDW $0xaa, Y1, Y0, Y0 \
	VMOVDQU  Y0, dst

// func roundRowAVX2(dst *int32, first, second *float32, n int, scale, scale2 float32)
//
// roundRowGo for n ≥ 8, the last eight overlapping those before where n is no multiple of eight.
TEXT ·roundRowAVX2(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ first+8(FP), SI
	MOVQ second+16(FP), BX
	MOVQ n+24(FP), CX
	VBROADCASTSS scale+32(FP), Y4
	VBROADCASTSS scale2+36(FP), Y5
	MOVL $0x4b400000, AX // rounder
	VMOVD AX, X6
	VPBROADCASTD X6, Y6

round:
	ROUND8((SI), (BX), (DI))
	ADDQ  $32, SI
	ADDQ  $32, BX
	ADDQ  $32, DI
	SUBQ  $8, CX
	CMPQ  CX, $8
	JGE   round
	TESTQ CX, CX
	JEQ   rounded

	LEAQ -8(CX), CX
	ROUND8((SI)(CX*4), (BX)(CX*4), (DI)(CX*4))

rounded:
	VZEROUPPER
	RET
