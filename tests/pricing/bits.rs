//! Fixed bits: the same inputs give these doubles natively and in wasm.
//!
//! A change of these constants is a change of results and says so in its commit.

use chainwalk::pricing::OptionKind::{self, Call, Put};
use chainwalk::pricing::{Greeks, discounted, implied_vol};

/// A day of bitcoin, a far put, a near-money hour, a wild year with a rate, a dollar coin.
const OPTIONS: [(OptionKind, f64, f64, f64, f64, f64); 5] = [
    (Call, 80_809.22, 82_000.0, 0.002_739_726_027_397_260_3, 0.6159, 0.0),
    (Put, 64_250.5, 40_000.0, 0.082_191_780_821_917_8, 0.83, 0.0),
    (Call, 3_000.25, 3_001.0, 0.000_114_155_251_141_552_51, 0.47, 0.0),
    (Put, 100.0, 140.0, 1.0, 3.5, 0.05),
    (Call, 0.998, 1.01, 0.5, 0.015, -0.01),
];

/// Price, delta, gamma, vega, theta and implied volatility of each.
#[rustfmt::skip]
const BITS: [[u64; 6]; 5] = [
    [0x4081_6bb0_2681_d0b5, 0x3fd5_2c34_a9be_e16a, 0x3f22_3d3a_46a4_6bad,
     0x4097_f54d_3176_2c59, 0xc07d_8300_3686_dd71, 0x3fe3_b573_eab3_67a1],
    [0x405a_0ae8_181f_cdce, 0xbf91_d25e_3638_e6c9, 0x3ec7_99eb_4524_f635,
     0x4088_c29e_03c6_e540, 0xc025_ebca_04b5_8cd7, 0x3fea_8f5c_28f5_c28b],
    [0x4016_932d_4099_50c4, 0x3fde_cb30_6d62_a453, 0x3f9b_15a5_6624_1217,
     0x4029_8c57_2240_16ce, 0xc008_03eb_8179_af0b, 0x3fde_147a_e147_ae15],
    [0x405f_0bc8_889a_9e07, 0xbfa7_e6f4_b765_73cd, 0x3f32_194e_2eda_c368,
     0x4023_54e7_722b_ca17, 0xbf9e_0912_f5fb_3582, 0x400b_ffff_ffff_fffc],
    [0x3f46_d005_caad_fc4f, 0x3fc0_dad8_a900_1c8f, 0x4034_31a0_c4ef_529a,
     0x3fc3_4f02_e8ca_b07a, 0xbeda_14e3_5dd3_22c6, 0x3f8e_b851_eb85_1ebb],
];

#[test]
fn bits_hold() {
    for ((kind, forward, strike, years, vol, rate), expected) in OPTIONS.into_iter().zip(BITS) {
        let Greeks { price, delta, gamma, vega, theta, .. } = discounted(kind, forward, strike, years, vol, rate);
        let undiscounted = price * libm::exp(rate * years);
        let implied = implied_vol(kind, forward, strike, years, undiscounted).expect("between the bounds");
        let found = [price, delta, gamma, vega, theta, implied].map(f64::to_bits);
        assert_eq!(found, expected, "{kind:?} {strike}: found {found:#018x?}");
    }
}
