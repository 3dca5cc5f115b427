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
sokoban 1 1 1 50 1e733d6d08bc6c23 38de77f9e26c81cf 378b7627fb883a6d {"preset":"tiny-1"}
sokoban 1 1 two 45 8003f14aa54226e0 45f109b44d824ea6 516c1d5d5e010f0d {"preset":"tiny-1"}
sokoban 1 1 1 50 a7fe509dccf26628 8fa0dfb03fddb639 58a45c7283ed2462 {"preset":"tiny-2"}
sokoban 1 1 two 50 447a6c4b68fdae14 4041be9fb36f6127 d409a1eaf0cfd10b {"preset":"tiny-2"}
sokoban 1 1 1 100 f46bea7f5dbcb7b1 a1574e859d899649 35f460bdb01c15d8 {"preset":"small-v0"}
sokoban 1 1 two 100 e677ad1a8aa46b85 7eec7c3388a0190d 7f37b6e9c4c4b468 {"preset":"small-v0"}
sokoban 1 1 1 100 1d4dc9b615ecc7a3 73dc822ef780f515 b43171fb7c4f825e {"preset":"small-v1"}
sokoban 1 1 two 100 36da94d1e89123de b986e712ba72b124 6490ed4f662ede1a {"preset":"small-v1"}
sokoban 1 1 1 100 874f2ac92de75fd6 b76b729d8772821f a0345dd7c5fe9155 {"preset":"v0"}
sokoban 1 1 two 100 3013518dd2a8ae87 51a0418c44ba2e2f e503589f09438483 {"preset":"v0"}
sokoban 1 1 1 100 b76e7dbd61a19208 61eaabbe3a4bf1d4 8f8fc28645a1b4bb {"preset":"v1"}
sokoban 1 1 two 100 41c758d681fd4fb4 3a685753a9b2b83f 271b10d1d96d8337 {"preset":"v1"}
sokoban 1 1 1 100 aadba696c19ae571 b72c247c89f00787 84568ff089a1b4bc {"preset":"v2"}
sokoban 1 1 two 100 35f5cfe45089a2b1 46a87da56c536d87 3b1bc5b95de96af1 {"preset":"v2"}
sokoban 1 1 1 100 3ff5b9fd0fb761f6 ab287c616eb7f08f ccbd82b8f5f31a62 {"preset":"large-v0"}
sokoban 1 1 two 100 00ae919f979d36f8 3459e7f25969518e a71f7939d5c1b1ab {"preset":"large-v0"}
sokoban 1 1 1 100 14ca5bf49343fadb e1ae79279be471fe b26dd7dbfd255180 {"preset":"large-v1"}
sokoban 1 1 two 100 354600442cbdf2d1 43f92934fa0645e5 98e6411a27e61e56 {"preset":"large-v1"}
sokoban 1 1 1 100 6176bee87878d6a4 f35e4d9676ff0d88 651320333f9eec68 {"preset":"huge-v0"}
sokoban 1 1 two 100 27b3d01c360e942e 2c492770823ea670 e1fe9ced70c9ebdd {"preset":"huge-v0"}
sokoban 1 1 1 100 84aaedd7df6dc3f0 61eaabbe3a4bf1d4 8f8fc28645a1b4bb {"preset":"boxoban"}
sokoban 1 1 two 100 0956778045097ef7 3a685753a9b2b83f 271b10d1d96d8337 {"preset":"boxoban"}
sokoban 1 1 1 30 0f14d0db2f0dc572 328301428f840000 cb9e21dd935365c3 {"preset":"small-v0","actionSet":"gym","maxSteps":30}
sokoban 1 1 two 30 27b2b76d68532b9f a6acecaee60f88ad 15461afad3958cec {"preset":"small-v0","actionSet":"gym","maxSteps":30}
sokoban 1 1 1 12 f332bc793937e1b8 a635e847b227601e 1340300a8e5da3dc {"level":"######|#@---#|#-$.-#|#-$.-#|#----#|######","style":"verbose","maxSteps":12}
sokoban 1 1 two 12 a79b35d0100d2fcd e560e3a779239f8c 1ff7c6cc28ab1719 {"level":"######|#@---#|#-$.-#|#-$.-#|#----#|######","style":"verbose","maxSteps":12}
sokoban 1 1 1 43 05ed857d4a8b3de0 fcf86ba9813aeb54 58a775483f95347e {"level":"######|#+*--#|#-$--#|#----#|######","tile":32}
sokoban 1 1 two 100 93bb106d34f5b5e6 45a9e9ee456a6a77 52abb8d0691bcb12 {"level":"######|#+*--#|#-$--#|#----#|######","tile":32}
football 1 1 1 100 63d56daddbb86d8f 2ee3d3c94ab9dd9e e003fb3a4b36033e {"preset":"academy_empty_goal_close"}
football 1 1 two 76 d74318a60c17d178 da4ceda26daab4dc a8ff833d9c1795bb {"preset":"academy_empty_goal_close"}
football 1 1 1 31 f5df91e80afc79ce 523c5bba48d9c39f 6b8d43f7f52e69f4 {"preset":"academy_empty_goal","controlled":2,"actionSet":"full"}
football 1 1 two 39 14d36b9c6864c9a8 a5fe7f1b3bad2fae 75575c07d5f46905 {"preset":"academy_empty_goal","controlled":2,"actionSet":"full"}
`)
