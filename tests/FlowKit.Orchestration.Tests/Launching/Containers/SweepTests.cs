namespace FlowKit.Orchestration.Launching.Containers;

public sealed class SweepTests
{
    private static readonly ProcessMark s_dead = ProcessMark.Own with { Id = 4_000_000, Started = 1 };

    [Fact]
    public void Only_a_container_of_a_flow_that_is_known_to_be_dead_is_taken_away()
    {
        Assert.Equal(("1a2b", "flowkit-x"), Sweep.Abandoned($"1a2b {s_dead.Text} {Environment.MachineName} flowkit-x"));

        Assert.Null(Sweep.Abandoned($"1a2b {ProcessMark.Own.Text} {Environment.MachineName} flowkit-x"));
        Assert.Null(Sweep.Abandoned($"1a2b {s_dead.Text} another flowkit-x"));
        Assert.Null(Sweep.Abandoned($"1a2b {(s_dead with { Place = "0123456789ab" }).Text} {Environment.MachineName} flowkit-x"));
        Assert.Null(Sweep.Abandoned($"1a2b 4000000-1 {Environment.MachineName} flowkit-x"));
        Assert.Null(Sweep.Abandoned("1a2b"));
    }
}
