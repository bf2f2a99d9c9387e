// The tests on real clusters mostly wait, for elections, deadlines and slow disks: side by side they take less than
// half the time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 4)]
