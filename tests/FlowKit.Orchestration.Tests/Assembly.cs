// Each test starts processes, and counts those that are left.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
