#include "textflag.h"

// The sums of one output channel lie 4·runLength bytes after those of the one before.
#define NEXT 2048

// One output channel's part of a tap: weight j times sixteen (eight) samples, added to its sums.
#define TAP16(j, s, t) \
	VBROADCASTSS (4*j)(R12), Y10 \
	VMULPS Y8, Y10, Y11 \
	VMULPS Y9, Y10, Y12 \
	VADDPS Y11, s, s \
	VADDPS Y12, t, t

#define TAP8(j, s) \
	VBROADCASTSS (4*j)(R12), Y10 \
	VMULPS Y8, Y10, Y11 \
	VADDPS Y11, s, s

// func sweepAVX(sums *sums, n int, in *float32, offsets *int32, taps int, weights, bias *float32)
//
// sweepGo for n ≥ 8 pixels, 16 at a time with their sums in registers. The last pixels are done eight at a time, the
// last eight overlapping those before where n is no multiple of eight.
TEXT ·sweepAVX(SB), NOSPLIT, $0-56
	MOVQ sums+0(FP), R8
	MOVQ n+8(FP), R9
	MOVQ in+16(FP), SI
	MOVQ offsets+24(FP), DX
	MOVQ taps+32(FP), CX
	MOVQ weights+40(FP), BX
	MOVQ bias+48(FP), DI

sixteen:
	CMPQ R9, $16
	JLT  eight
	VBROADCASTSS 0(DI), Y0
	VMOVAPS      Y0, Y1
	VBROADCASTSS 4(DI), Y2
	VMOVAPS      Y2, Y3
	VBROADCASTSS 8(DI), Y4
	VMOVAPS      Y4, Y5
	VBROADCASTSS 12(DI), Y6
	VMOVAPS      Y6, Y7
	MOVQ DX, R10
	MOVQ CX, R11
	MOVQ BX, R12

tap16:
	MOVLQSX (R10), R13
	VMOVUPS (SI)(R13*4), Y8
	VMOVUPS 32(SI)(R13*4), Y9
	TAP16(0, Y0, Y1)
	TAP16(1, Y2, Y3)
	TAP16(2, Y4, Y5)
	TAP16(3, Y6, Y7)
	ADDQ $4, R10
	ADDQ $16, R12
	DECQ R11
	JNZ  tap16

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
	VBROADCASTSS 0(DI), Y0
	VBROADCASTSS 4(DI), Y2
	VBROADCASTSS 8(DI), Y4
	VBROADCASTSS 12(DI), Y6
	MOVQ DX, R10
	MOVQ CX, R11
	MOVQ BX, R12

tap8:
	MOVLQSX (R10), R13
	VMOVUPS (SI)(R13*4), Y8
	TAP8(0, Y0)
	TAP8(1, Y2)
	TAP8(2, Y4)
	TAP8(3, Y6)
	ADDQ $4, R10
	ADDQ $16, R12
	DECQ R11
	JNZ  tap8

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

// One output channel's part of a tap, as TAP16, of 32 samples.
#define TAP32(j, s, t) \
	VBROADCASTSS (4*j)(R12), Z10 \
	VMULPS Z8, Z10, Z11 \
	VMULPS Z9, Z10, Z12 \
	VADDPS Z11, s, s \
	VADDPS Z12, t, t

// func sweepAVX512(sums *sums, n int, in *float32, offsets *int32, taps int, weights, bias *float32)
//
// sweepAVX with registers twice as wide: sweepGo for n ≥ 32 pixels, 32 at a time, the last 32 overlapping those before where n
// is no multiple of 32. No product is fused with its sum, which would change the last bit.
TEXT ·sweepAVX512(SB), NOSPLIT, $0-56
	MOVQ sums+0(FP), R8
	MOVQ n+8(FP), R9
	MOVQ in+16(FP), SI
	MOVQ offsets+24(FP), DX
	MOVQ taps+32(FP), CX
	MOVQ weights+40(FP), BX
	MOVQ bias+48(FP), DI

next32:
	VBROADCASTSS 0(DI), Z0
	VMOVAPS      Z0, Z1
	VBROADCASTSS 4(DI), Z2
	VMOVAPS      Z2, Z3
	VBROADCASTSS 8(DI), Z4
	VMOVAPS      Z4, Z5
	VBROADCASTSS 12(DI), Z6
	VMOVAPS      Z6, Z7
	MOVQ DX, R10
	MOVQ CX, R11
	MOVQ BX, R12

tap32:
	MOVLQSX (R10), R13
	VMOVUPS (SI)(R13*4), Z8
	VMOVUPS 64(SI)(R13*4), Z9
	TAP32(0, Z0, Z1)
	TAP32(1, Z2, Z3)
	TAP32(2, Z4, Z5)
	TAP32(3, Z6, Z7)
	ADDQ $4, R10
	ADDQ $16, R12
	DECQ R11
	JNZ  tap32

	VMOVUPS Z0, (R8)
	VMOVUPS Z1, 64(R8)
	VMOVUPS Z2, NEXT(R8)
	VMOVUPS Z3, (NEXT+64)(R8)
	VMOVUPS Z4, (2*NEXT)(R8)
	VMOVUPS Z5, (2*NEXT+64)(R8)
	VMOVUPS Z6, (3*NEXT)(R8)
	VMOVUPS Z7, (3*NEXT+64)(R8)
	ADDQ $128, SI
	ADDQ $128, R8
	SUBQ $32, R9
	CMPQ R9, $32
	JGE  next32
	TESTQ R9, R9
	JEQ  done32

	// Back to 32 pixels before the end.
	LEAQ -32(R9), R13
	LEAQ (SI)(R13*4), SI
	LEAQ (R8)(R13*4), R8
	MOVQ $32, R9
	JMP  next32

done32:
	VZEROUPPER
	RET

// func rectifyAVX(dst, src *float32, n int)
//
// For n ≥ 8 floats: each that is greater than zero, and zero for the others. VMAXPS takes its other operand, the zero,
// unless the sample is the greater. The last eight overlap those before where n is no multiple of eight.
TEXT ·rectifyAVX(SB), NOSPLIT, $0-24
	MOVQ   dst+0(FP), DI
	MOVQ   src+8(FP), SI
	MOVQ   n+16(FP), CX
	VXORPS Y0, Y0, Y0

more:
	VMOVUPS (SI), Y1
	VMAXPS  Y0, Y1, Y1
	VMOVUPS Y1, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	CMPQ    CX, $8
	JGE     more
	TESTQ   CX, CX
	JEQ     end

	LEAQ    -8(CX), CX
	VMOVUPS (SI)(CX*4), Y1
	VMAXPS  Y0, Y1, Y1
	VMOVUPS Y1, (DI)(CX*4)

end:
	VZEROUPPER
	RET
