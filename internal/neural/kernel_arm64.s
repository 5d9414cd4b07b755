#include "textflag.h"

// What the assembler has no name for, by its code (Arm Architecture Reference Manual, C7.2). Registers are given by number.

// d's four words += the lower (upper) four halfwords of n times halfword i of m, with their signs; m is at most 15.
#define SMLAL(d, n, m, i)  WORD $(0x0F402000 | ((i)&2)<<20 | ((i)&1)<<20 | ((i)&4)<<9 | (m)<<16 | (n)<<5 | (d))
#define SMLAL2(d, n, m, i) WORD $(0x4F402000 | ((i)&2)<<20 | ((i)&1)<<20 | ((i)&4)<<9 | (m)<<16 | (n)<<5 | (d))

#define SCVTF(d)        WORD $(0x4E21D800 | (d)<<5 | (d))            // whole numbers made floats
#define FMULE(d, m, i)  WORD $(0x4F809000 | ((i)&1)<<21 | ((i)&2)<<10 | (m)<<16 | (d)<<5 | (d)) // d *= element i of m
#define FMUL(d, m)      WORD $(0x6E20DC00 | (m)<<16 | (d)<<5 | (d))  // d *= m
#define FADD(d, m)      WORD $(0x4E20D400 | (m)<<16 | (d)<<5 | (d))  // d += m
#define FABS(d)         WORD $(0x4EA0F800 | (d)<<5 | (d))
#define FMAXNM(d, m)    WORD $(0x4E20C400 | (m)<<16 | (d)<<5 | (d))  // the larger; of a number and none, the number
#define FMAXNMV(d)      WORD $(0x6E30C800 | (d)<<5 | (d))            // the largest of the four, in the first

// Output channel j's part of a tap: its pair of weights in V0 times eight pairs of samples, those of even channels in one
// register and those of odd ones in another, added to its sums.
#define TAP(j, even, odd, s, t) \
	SMLAL(s, even, 0, 2*j) \
	SMLAL2(t, even, 0, 2*j) \
	SMLAL(s, odd, 0, 2*j+1) \
	SMLAL2(t, odd, 0, 2*j+1)

// Output channel j's sums made floats: in their unit, with the bias in V8, and not below the least value.
#define FINISH(j, s) \
	SCVTF(s) \
	FMULE(s, 5, j) \
	FADD(s, 8) \
	FMAXNM(s, 7)

#define FINISH16(j, s, t, u, v) \
	VDUP V6.S[j], V8.S4 \
	FINISH(j, s) \
	FINISH(j, t) \
	FINISH(j, u) \
	FINISH(j, v)

#define FINISH8(j, s, t) \
	VDUP V6.S[j], V8.S4 \
	FINISH(j, s) \
	FINISH(j, t)

#define ZERO(s) VEOR s.B16, s.B16, s.B16

// func sweepNEON(sums *sums, n int, in, offsets *int32, taps int, weights *int32, f *finish)
//
// sweepGo for n ≥ 8 pixels, 16 at a time with their sums in registers. The last pixels are done eight at a time, the
// last eight overlapping those before where n is no multiple of eight.
TEXT ·sweepNEON(SB), NOSPLIT, $0-56
	MOVD sums+0(FP), R0
	MOVD n+8(FP), R1
	MOVD in+16(FP), R2
	MOVD offsets+24(FP), R3
	MOVD taps+32(FP), R4
	MOVD weights+40(FP), R5
	MOVD f+48(FP), R6

	// The sums of one output channel lie 4·runLength bytes after those of the one before.
	ADD  $2048, R0, R7
	ADD  $2048, R7, R8
	ADD  $2048, R8, R9
	VLD1 (R6), [V5.S4, V6.S4]
	ADD  $32, R6
	VLD1R (R6), [V7.S4]

sixteen:
	CMP $16, R1
	BLT eight
	ZERO(V16)
	ZERO(V17)
	ZERO(V18)
	ZERO(V19)
	ZERO(V20)
	ZERO(V21)
	ZERO(V22)
	ZERO(V23)
	ZERO(V24)
	ZERO(V25)
	ZERO(V26)
	ZERO(V27)
	ZERO(V28)
	ZERO(V29)
	ZERO(V30)
	ZERO(V31)
	MOVD R3, R10
	MOVD R4, R11
	MOVD R5, R12

tap16:
	MOVW.P 4(R10), R13
	ADD    R13<<2, R2, R13
	VLD1.P 16(R12), [V0.B16]
	VLD2.P 32(R13), [V1.H8, V2.H8]
	VLD2   (R13), [V3.H8, V4.H8]
	TAP(0, 1, 2, 16, 17)
	TAP(1, 1, 2, 20, 21)
	TAP(2, 1, 2, 24, 25)
	TAP(3, 1, 2, 28, 29)
	TAP(0, 3, 4, 18, 19)
	TAP(1, 3, 4, 22, 23)
	TAP(2, 3, 4, 26, 27)
	TAP(3, 3, 4, 30, 31)
	SUBS $1, R11
	BNE  tap16

	FINISH16(0, 16, 17, 18, 19)
	FINISH16(1, 20, 21, 22, 23)
	FINISH16(2, 24, 25, 26, 27)
	FINISH16(3, 28, 29, 30, 31)
	VST1.P [V16.S4, V17.S4, V18.S4, V19.S4], 64(R0)
	VST1.P [V20.S4, V21.S4, V22.S4, V23.S4], 64(R7)
	VST1.P [V24.S4, V25.S4, V26.S4, V27.S4], 64(R8)
	VST1.P [V28.S4, V29.S4, V30.S4, V31.S4], 64(R9)
	ADD $64, R2
	SUB $16, R1
	B   sixteen

eight:
	CBZ R1, done
	CMP $8, R1
	BGE whole

	// Back to eight pixels before the end.
	SUB $8, R1, R13
	ADD R13<<2, R2, R2
	ADD R13<<2, R0, R0
	ADD R13<<2, R7, R7
	ADD R13<<2, R8, R8
	ADD R13<<2, R9, R9
	MOVD $8, R1

whole:
	ZERO(V16)
	ZERO(V17)
	ZERO(V20)
	ZERO(V21)
	ZERO(V24)
	ZERO(V25)
	ZERO(V28)
	ZERO(V29)
	MOVD R3, R10
	MOVD R4, R11
	MOVD R5, R12

tap8:
	MOVW.P 4(R10), R13
	ADD    R13<<2, R2, R13
	VLD1.P 16(R12), [V0.B16]
	VLD2   (R13), [V1.H8, V2.H8]
	TAP(0, 1, 2, 16, 17)
	TAP(1, 1, 2, 20, 21)
	TAP(2, 1, 2, 24, 25)
	TAP(3, 1, 2, 28, 29)
	SUBS $1, R11
	BNE  tap8

	FINISH8(0, 16, 17)
	FINISH8(1, 20, 21)
	FINISH8(2, 24, 25)
	FINISH8(3, 28, 29)
	VST1.P [V16.S4, V17.S4], 32(R0)
	VST1.P [V20.S4, V21.S4], 32(R7)
	VST1.P [V24.S4, V25.S4], 32(R8)
	VST1.P [V28.S4, V29.S4], 32(R9)
	ADD $32, R2
	SUB $8, R1
	B   eight

done:
	RET

// func peakNEON(v *float32, n int) float32
//
// peakGo for n ≥ 4, the last four overlapping those before where n is no multiple of four.
TEXT ·peakNEON(SB), NOSPLIT, $0-20
	MOVD v+0(FP), R0
	MOVD n+8(FP), R1
	ADD  R1<<2, R0, R2
	SUB  $16, R2
	ZERO(V0)

four:
	VLD1.P 16(R0), [V1.S4]
	FABS(1)
	FMAXNM(0, 1)
	CMP R2, R0
	BLS four
	VLD1 (R2), [V1.S4]
	FABS(1)
	FMAXNM(0, 1)
	FMAXNMV(0)
	FMOVS F0, ret+16(FP)
	RET

// func roundRowNEON(dst *int32, first, second *float32, n int, scale, scale2 float32)
//
// roundRowGo for n ≥ 4, the last four overlapping those before where n is no multiple of four.
TEXT ·roundRowNEON(SB), NOSPLIT, $0-40
	MOVD  dst+0(FP), R0
	MOVD  first+8(FP), R1
	MOVD  second+16(FP), R2
	MOVD  n+24(FP), R3
	FMOVS scale+32(FP), F4
	FMOVS scale2+36(FP), F5
	VDUP  V4.S[0], V4.S4
	VDUP  V5.S[0], V5.S4
	MOVW  $0x4B400000, R4 // rounder
	VDUP  R4, V6.S4

four:
	VLD1.P 16(R1), [V1.S4]
	VLD1.P 16(R2), [V2.S4]
	FMUL(1, 4)
	FADD(1, 6)
	FMUL(2, 5)
	FADD(2, 6)
	VSLI   $16, V2.S4, V1.S4
	VST1.P [V1.S4], 16(R0)
	SUBS $4, R3
	BEQ  done
	CMP  $4, R3
	BGE  four

	// Back to four before the end.
	SUB  $4, R3
	ADD  R3<<2, R0, R0
	ADD  R3<<2, R1, R1
	ADD  R3<<2, R2, R2
	MOVD $4, R3
	B    four

done:
	RET
