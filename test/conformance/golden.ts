import { readGolden } from './subjects.ts'

/** What seeds are known to give. Written by update-golden.ts, which says when to run it. */
export const golden = readGolden(`
env version look seed steps state text frame example
beacon 1 1 1 10 9d23c87697bbc161 e3408a77547a2f39 a4d141ba2f0c5abb {}
beacon 1 1 two 30 a036d9b45887702d 7d163dea81049c32 dfafeba0186dcd21 {}
beacon 1 1 1 3 9d5b5f64f60cea59 e3408a77547a2f39 a4d141ba2f0c5abb {"preset":"icy","maxSteps":12}
beacon 1 1 two 12 09c6e85c01a0f44b 7d163dea81049c32 dfafeba0186dcd21 {"preset":"icy","maxSteps":12}
beacon 1 1 1 21 61ee460d13ed1255 c80e9a2896b11e63 88a87e0927c7bea6 {"preset":"pair","slip":0.1}
beacon 1 1 two 30 80dbcab483e3b13d bcd4b3a058c69f96 767e2453dfde5247 {"preset":"pair","slip":0.1}
sokoban 1 1 1 50 1e733d6d08bc6c23 38de77f9e26c81cf 6c696ca5e685d018 {"preset":"tiny-1"}
sokoban 1 1 two 45 8003f14aa54226e0 45f109b44d824ea6 b1cdd68900b473c9 {"preset":"tiny-1"}
sokoban 1 1 1 50 a7fe509dccf26628 8fa0dfb03fddb639 b629207a8e853bc2 {"preset":"tiny-2"}
sokoban 1 1 two 50 447a6c4b68fdae14 4041be9fb36f6127 b436b41912fa91df {"preset":"tiny-2"}
sokoban 1 1 1 100 ece4223e330d910c fb69504970b3c891 834bb96ab4cb555f {"preset":"small-v0"}
sokoban 1 1 two 100 e677ad1a8aa46b85 7eec7c3388a0190d 14625c9b21934ee7 {"preset":"small-v0"}
sokoban 1 1 1 100 1d4dc9b615ecc7a3 73dc822ef780f515 1e248b41edd6c430 {"preset":"small-v1"}
sokoban 1 1 two 100 048a0f6701d4c650 ebef94dc58312155 7410eb9753cbdd9f {"preset":"small-v1"}
sokoban 1 1 1 100 4a00acf363aede0b a95fc50653a27107 b4b6733d4776aa61 {"preset":"v0"}
sokoban 1 1 two 100 3013518dd2a8ae87 51a0418c44ba2e2f eab93ed8099ac632 {"preset":"v0"}
sokoban 1 1 1 100 b76e7dbd61a19208 61eaabbe3a4bf1d4 0400753be02bb8d8 {"preset":"v1"}
sokoban 1 1 two 100 41c758d681fd4fb4 3a685753a9b2b83f 36da2fe2ba6db1eb {"preset":"v1"}
sokoban 1 1 1 100 1adf5a6d441a7074 f5f280700e278b46 a3685cc45c458884 {"preset":"v2"}
sokoban 1 1 two 100 35f5cfe45089a2b1 46a87da56c536d87 6c6ce26badaaaa0c {"preset":"v2"}
sokoban 1 1 1 100 435d0dfdce3840a8 1b5a7fe3f8249911 1667c3f433ee5d83 {"preset":"large-v0"}
sokoban 1 1 two 100 bc7faaf1d811099c e1aad9f3d29fbbc2 55fbaa96b2b79126 {"preset":"large-v0"}
sokoban 1 1 1 100 14ca5bf49343fadb e1ae79279be471fe 1dbb341c7480eb10 {"preset":"large-v1"}
sokoban 1 1 two 100 354600442cbdf2d1 43f92934fa0645e5 74c0506935c12117 {"preset":"large-v1"}
sokoban 1 1 1 100 6176bee87878d6a4 f35e4d9676ff0d88 1abc277270e09352 {"preset":"huge-v0"}
sokoban 1 1 two 100 27b3d01c360e942e 2c492770823ea670 e0ffd0cf453a90cb {"preset":"huge-v0"}
sokoban 1 1 1 100 84aaedd7df6dc3f0 61eaabbe3a4bf1d4 0400753be02bb8d8 {"preset":"boxoban"}
sokoban 1 1 two 100 0956778045097ef7 3a685753a9b2b83f 36da2fe2ba6db1eb {"preset":"boxoban"}
sokoban 1 1 1 30 466818f34a7630df 6f91b3c91cef5c34 49a420e28ac903a9 {"preset":"small-v0","actionSet":"gym","maxSteps":30}
sokoban 1 1 two 30 27b2b76d68532b9f a6acecaee60f88ad a8cc54c2b3d8550f {"preset":"small-v0","actionSet":"gym","maxSteps":30}
sokoban 1 1 1 12 f332bc793937e1b8 a635e847b227601e a3aeade0167cdc93 {"level":"######|#@---#|#-$.-#|#-$.-#|#----#|######","style":"verbose","maxSteps":12}
sokoban 1 1 two 12 a79b35d0100d2fcd e560e3a779239f8c 686ec576c1415fd4 {"level":"######|#@---#|#-$.-#|#-$.-#|#----#|######","style":"verbose","maxSteps":12}
sokoban 1 1 1 43 05ed857d4a8b3de0 fcf86ba9813aeb54 034d2f217278a596 {"level":"######|#+*--#|#-$--#|#----#|######","tile":32}
sokoban 1 1 two 100 93bb106d34f5b5e6 45a9e9ee456a6a77 4e3f289acf66f44c {"level":"######|#+*--#|#-$--#|#----#|######","tile":32}
sokoban 1 1 1 100 a2ac22093bbd36b5 73dc822ef780f515 87c72f6e79b36675 {"preset":"small-v1","tile":8}
sokoban 1 1 two 100 45f5968d835d604c ebef94dc58312155 22070c0b64cd89a8 {"preset":"small-v1","tile":8}
sokoban 1 1 1 40 9c0a0a1f9c21f463 75786c883dc339f9 6877a27cd06c2291 {"preset":"large-v0","frame":640,"maxSteps":40}
sokoban 1 1 two 40 75658f35354d3126 cb82fa3cd345204b fede41cc79848e73 {"preset":"large-v0","frame":640,"maxSteps":40}
football 1 1 1 81 85766f63335ebf9c 0e0161469b948264 ed417714b585eca4 {"preset":"academy_empty_goal_close"}
football 1 1 two 100 e10809efb39d1ffe 2f453575ade059ba 954cbe6ca1d80ed6 {"preset":"academy_empty_goal_close"}
football 1 1 1 57 90ddf6c6e8f41c40 d1aca0b854aabdaa fbe947c5a181a30c {"preset":"academy_3_vs_1_with_keeper","controlled":3,"reward":"checkpoints"}
football 1 1 two 39 5a871c13c22fb5e4 e63700e6006b22d0 c602f7fdf81aa1d1 {"preset":"academy_3_vs_1_with_keeper","controlled":3,"reward":"checkpoints"}
football 1 1 1 100 4027083b69c5bc7b 6be78746214a2b11 3c6baca6f6f627df {"preset":"academy_run_to_score_with_keeper","actionSet":"full","opponents":1}
football 1 1 two 100 0120dcc08e02d651 3b307a338626f77d 058ceadea8a2bed5 {"preset":"academy_run_to_score_with_keeper","actionSet":"full","opponents":1}
football 1 1 1 100 716166c4bbef7598 72a9cd17ea60bfec 716f8f4ce4dc809f {"preset":"5_vs_5","controlled":4,"opponents":4,"actionSet":"full"}
football 1 1 two 100 6b65ad4a7469e069 8aa48a669cdaa8f2 806dadd157f0ff26 {"preset":"5_vs_5","controlled":4,"opponents":4,"actionSet":"full"}
football 1 1 1 18 5a6e537781ada239 393d5a8caf84d699 42838936b5370362 {"preset":"academy_corner","noise":0}
football 1 1 two 100 5c5fa7708f0e22f8 e9672a0a08bdd3c0 ac87373f0a1b00a9 {"preset":"academy_corner","noise":0}
football 1 1 1 11 86398d50bf593a88 0fb809260d4060ee fdf0c6da2dbf9643 {"preset":"R5_P_2","reward":"magebench"}
football 1 1 two 23 0c6ce48266b91c4a 5a5dfa29520e163b 7f6a54189082e39b {"preset":"R5_P_2","reward":"magebench"}
`)
