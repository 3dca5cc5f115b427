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
sokoban 1 1 1 100 f46bea7f5dbcb7b1 a1574e859d899649 7de0ab72285b2877 {"preset":"small-v0"}
sokoban 1 1 two 100 e677ad1a8aa46b85 7eec7c3388a0190d 14625c9b21934ee7 {"preset":"small-v0"}
sokoban 1 1 1 100 1d4dc9b615ecc7a3 73dc822ef780f515 1e248b41edd6c430 {"preset":"small-v1"}
sokoban 1 1 two 100 36da94d1e89123de b986e712ba72b124 916198ea10cd032e {"preset":"small-v1"}
sokoban 1 1 1 100 874f2ac92de75fd6 b76b729d8772821f 24bf6f506b5b8108 {"preset":"v0"}
sokoban 1 1 two 100 3013518dd2a8ae87 51a0418c44ba2e2f eab93ed8099ac632 {"preset":"v0"}
sokoban 1 1 1 100 b76e7dbd61a19208 61eaabbe3a4bf1d4 0400753be02bb8d8 {"preset":"v1"}
sokoban 1 1 two 100 41c758d681fd4fb4 3a685753a9b2b83f 36da2fe2ba6db1eb {"preset":"v1"}
sokoban 1 1 1 100 aadba696c19ae571 b72c247c89f00787 9d016f23738136df {"preset":"v2"}
sokoban 1 1 two 100 35f5cfe45089a2b1 46a87da56c536d87 6c6ce26badaaaa0c {"preset":"v2"}
sokoban 1 1 1 100 3ff5b9fd0fb761f6 ab287c616eb7f08f 3cd0705f8930a656 {"preset":"large-v0"}
sokoban 1 1 two 100 00ae919f979d36f8 3459e7f25969518e cf304b3bde1caed0 {"preset":"large-v0"}
sokoban 1 1 1 100 14ca5bf49343fadb e1ae79279be471fe 1dbb341c7480eb10 {"preset":"large-v1"}
sokoban 1 1 two 100 354600442cbdf2d1 43f92934fa0645e5 74c0506935c12117 {"preset":"large-v1"}
sokoban 1 1 1 100 6176bee87878d6a4 f35e4d9676ff0d88 1abc277270e09352 {"preset":"huge-v0"}
sokoban 1 1 two 100 27b3d01c360e942e 2c492770823ea670 e0ffd0cf453a90cb {"preset":"huge-v0"}
sokoban 1 1 1 100 84aaedd7df6dc3f0 61eaabbe3a4bf1d4 0400753be02bb8d8 {"preset":"boxoban"}
sokoban 1 1 two 100 0956778045097ef7 3a685753a9b2b83f 36da2fe2ba6db1eb {"preset":"boxoban"}
sokoban 1 1 1 30 0f14d0db2f0dc572 328301428f840000 837a0d931e2f0a72 {"preset":"small-v0","actionSet":"gym","maxSteps":30}
sokoban 1 1 two 30 27b2b76d68532b9f a6acecaee60f88ad a8cc54c2b3d8550f {"preset":"small-v0","actionSet":"gym","maxSteps":30}
sokoban 1 1 1 12 f332bc793937e1b8 a635e847b227601e a3aeade0167cdc93 {"level":"######|#@---#|#-$.-#|#-$.-#|#----#|######","style":"verbose","maxSteps":12}
sokoban 1 1 two 12 a79b35d0100d2fcd e560e3a779239f8c 686ec576c1415fd4 {"level":"######|#@---#|#-$.-#|#-$.-#|#----#|######","style":"verbose","maxSteps":12}
sokoban 1 1 1 43 05ed857d4a8b3de0 fcf86ba9813aeb54 034d2f217278a596 {"level":"######|#+*--#|#-$--#|#----#|######","tile":32}
sokoban 1 1 two 100 93bb106d34f5b5e6 45a9e9ee456a6a77 4e3f289acf66f44c {"level":"######|#+*--#|#-$--#|#----#|######","tile":32}
football 1 1 1 100 5f4fbc4075e09b28 97718bdb2b94d6db 3b8f0a958048188c {"preset":"academy_empty_goal_close"}
football 1 1 two 74 cc88533bffc29e71 6d747c79fc58e641 9fca73567585dc1d {"preset":"academy_empty_goal_close"}
football 1 1 1 57 3be60528eb31b2dc 1f1e35443fe7f948 f81aa861e24fb812 {"preset":"academy_3_vs_1_with_keeper","controlled":3,"reward":"checkpoints"}
football 1 1 two 40 52c93b1cfdffc6ed 89b9744c4b4c39a9 8377de1de94a4e30 {"preset":"academy_3_vs_1_with_keeper","controlled":3,"reward":"checkpoints"}
football 1 1 1 76 5cba2e122640d934 93bb6d524b21186d 17ce76062f07c84a {"preset":"academy_run_to_score_with_keeper","actionSet":"full","opponents":1}
football 1 1 two 100 69aa974c2d2649bc 661a798ee888bf11 25ce12738aeb10ec {"preset":"academy_run_to_score_with_keeper","actionSet":"full","opponents":1}
football 1 1 1 100 55b80b81370dfdc3 c2ed742150e85c17 a8564c4d751b296a {"preset":"5_vs_5","controlled":4,"opponents":4,"actionSet":"full"}
football 1 1 two 100 2ec4d00c3c963cdc 77a1bd6defa3fcfe 8c2ebec080daf03b {"preset":"5_vs_5","controlled":4,"opponents":4,"actionSet":"full"}
football 1 1 1 100 99e5939d58d1a1c6 f0f0c63f27f97363 e4f917031b6ef0d4 {"preset":"academy_corner","noise":0}
football 1 1 two 100 a18d8e58a21e84bd 771ef9cb0469ad5d 59875ba297f23dff {"preset":"academy_corner","noise":0}
football 1 1 1 11 b43b025b96e175d7 cddb4dae3a872a8c 03f1d3866eba4a64 {"preset":"R5_P_2","reward":"magebench"}
football 1 1 two 23 e06653c71336f54a 8c09fda55e1ae75f 37d5e45239d11eeb {"preset":"R5_P_2","reward":"magebench"}
`)
