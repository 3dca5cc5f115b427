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
sokoban 2 1 1 50 a825657ed1992e08 38de77f9e26c81cf 6c696ca5e685d018 {"preset":"tiny-1"}
sokoban 2 1 two 45 e63986a04bdb4ebe 45f109b44d824ea6 b1cdd68900b473c9 {"preset":"tiny-1"}
sokoban 2 1 1 50 98f656d28c17dfc9 8fa0dfb03fddb639 b629207a8e853bc2 {"preset":"tiny-2"}
sokoban 2 1 two 50 281ecd0693b33a60 4041be9fb36f6127 b436b41912fa91df {"preset":"tiny-2"}
sokoban 2 1 1 100 e429acbf48e6bc82 fb69504970b3c891 834bb96ab4cb555f {"preset":"small-v0"}
sokoban 2 1 two 100 4981fc15683ff6f6 7eec7c3388a0190d 14625c9b21934ee7 {"preset":"small-v0"}
sokoban 2 1 1 100 7197d2747ba3d8d3 bea6e8de48b26528 ee5f9c5d3ea87e4f {"preset":"small-v1"}
sokoban 2 1 two 100 5d432802f2a4d500 9f6ba78c7c7d5a57 93633d32a59149fc {"preset":"small-v1"}
sokoban 2 1 1 100 86c6c484a217ad99 f93883600413dda7 c148a41a9bebaca1 {"preset":"v0"}
sokoban 2 1 two 100 a01f921a8e5c460d 83f76099fde603d5 65f4e684b34b1093 {"preset":"v0"}
sokoban 2 1 1 100 bb425959dd5e307f e2ead2a13f54d41a f20c41c55811bf7f {"preset":"v1"}
sokoban 2 1 two 100 b7427cefe8d0215d 2129417a63c6ed49 087d6d015f2aeb65 {"preset":"v1"}
sokoban 2 1 1 100 80e5aab5888aad4a 2bf6f9c75a126600 86d917cc2bdc7991 {"preset":"v2"}
sokoban 2 1 two 100 37111ab330821a0f ca45a57fb8623ce8 599ef12f2c90bbd0 {"preset":"v2"}
sokoban 2 1 1 100 efc03e224563e3a2 33ce6c3401a33ba9 3642036a65f0014b {"preset":"large-v0"}
sokoban 2 1 two 100 df43191e81f64946 f9ffbd963f0b92e5 a9c1df861a116d77 {"preset":"large-v0"}
sokoban 2 1 1 100 edf0162b2c7dba86 2652ab948e7601b5 a9fe540cea93fe90 {"preset":"large-v1"}
sokoban 2 1 two 100 38733ff923c7ccdb 183db5e4161a2fe8 613af255266f4d08 {"preset":"large-v1"}
sokoban 2 1 1 100 88f7f434487105e5 b9a934066a4751b5 96ad39f078d51466 {"preset":"huge-v0"}
sokoban 2 1 two 100 fa81321c029d424e f55abef13bf8b609 273c40767ec7e0b3 {"preset":"huge-v0"}
sokoban 2 1 1 100 22cdd6912b889af4 885a2161718ab516 aa9a30b7de2c4616 {"preset":"boxoban"}
sokoban 2 1 two 100 dc6b1fe64d8f44be 11b8e426fc59da7d 10bfc82340f65a05 {"preset":"boxoban"}
sokoban 2 1 1 30 afe95a7f1cc5388f 6f91b3c91cef5c34 49a420e28ac903a9 {"preset":"small-v0","actionSet":"gym","maxSteps":30}
sokoban 2 1 two 30 e020f7e1f7cdf955 a6acecaee60f88ad a8cc54c2b3d8550f {"preset":"small-v0","actionSet":"gym","maxSteps":30}
sokoban 2 1 1 12 288db10e1199e2bb a635e847b227601e a3aeade0167cdc93 {"level":"######|#@---#|#-$.-#|#-$.-#|#----#|######","style":"verbose","maxSteps":12}
sokoban 2 1 two 12 239201165aeb126a e560e3a779239f8c 686ec576c1415fd4 {"level":"######|#@---#|#-$.-#|#-$.-#|#----#|######","style":"verbose","maxSteps":12}
sokoban 2 1 1 43 ddabaa3ba2c64983 fcf86ba9813aeb54 034d2f217278a596 {"level":"######|#+*--#|#-$--#|#----#|######","tile":32}
sokoban 2 1 two 100 b84471a29783a926 45a9e9ee456a6a77 4e3f289acf66f44c {"level":"######|#+*--#|#-$--#|#----#|######","tile":32}
sokoban 2 1 1 100 b7592abb5d33fdc7 bea6e8de48b26528 5bb679b54da24ec5 {"preset":"small-v1","tile":8}
sokoban 2 1 two 100 8f29687904d485cd 9f6ba78c7c7d5a57 2ba0b8ddde9bbb6d {"preset":"small-v1","tile":8}
sokoban 2 1 1 40 0f197d0261a16ed0 82f78e8db33e67c5 d5e0eec195148971 {"preset":"large-v0","frame":640,"maxSteps":40}
sokoban 2 1 two 40 aebf720eca2812b9 5796e71da9ca464f 3b4494d9c6e85fd6 {"preset":"large-v0","frame":640,"maxSteps":40}
football 2 2 1 79 537ae5c43c114f95 75ec19ac9c5dfb9d 2a0c7ad276f07425 {"preset":"academy_empty_goal_close"}
football 2 2 two 79 506dc030e1bd9989 88620332a0340a40 6223b3ebe6b32dcf {"preset":"academy_empty_goal_close"}
football 2 2 1 62 8edde7ba2373a630 c91935e2c4e88ba6 2e0013184d6f1b0a {"preset":"academy_3_vs_1_with_keeper","controlled":3,"reward":"checkpoints"}
football 2 2 two 38 b3f007b4184c4da7 fb6375c05e0c6777 d2fd079a0c1c8a89 {"preset":"academy_3_vs_1_with_keeper","controlled":3,"reward":"checkpoints"}
football 2 2 1 100 9aeb78b3be635ba3 0e32f23055d8dd88 ee7e7ed408878962 {"preset":"academy_run_to_score_with_keeper","actionSet":"full","opponents":1}
football 2 2 two 100 22a7de8b987fa2ea 12e4b3cfb027c921 8d05425c5e6e4884 {"preset":"academy_run_to_score_with_keeper","actionSet":"full","opponents":1}
football 2 2 1 100 6652b86ba09d9f60 d644307bd6971a6a 03aeeb5f24129b60 {"preset":"5_vs_5","controlled":4,"opponents":4,"actionSet":"full"}
football 2 2 two 100 620cfb0f7f2ae4e7 21757e58e7256687 ba379a5e0b1d1c2a {"preset":"5_vs_5","controlled":4,"opponents":4,"actionSet":"full"}
football 2 2 1 100 f10d7468972a81dc a0a1cbc41c94ec26 8a76fd3936eb3971 {"preset":"academy_corner","noise":0}
football 2 2 two 100 3465f243da6b5eb4 35b5815a3c542a12 0c343d7ec8d5bda1 {"preset":"academy_corner","noise":0}
football 2 2 1 100 2d777cd4e5c0b1a5 c1f09ab1f1603df2 3e24fb9d54a5c0ac {"preset":"R5_P_2","reward":"magebench"}
football 2 2 two 100 9829b5506dafb652 24579f7d126b3902 cc7297f91b968598 {"preset":"R5_P_2","reward":"magebench"}
`)
