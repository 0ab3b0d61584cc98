using FlowKit.Orchestration.Launching.Containers;
using FlowKit.TestKit;

namespace FlowKit.Orchestration.Swarm;

/// <summary>A Swarm of this one machine, for a test that runs a stack on it; one that it is in already is left alone.</summary>
internal sealed class OwnSwarm
{
    /// <summary>Whether it was made here, and may be used.</summary>
    public bool IsOurs { get; private init; }

    /// <summary>Makes one where an engine is and no Swarm.</summary>
    public static async Task<OwnSwarm> InitAsync()
    {
        if (EngineFixture.WhyMissing is not null || await EngineFixture.DockerAsync("info", "--format", "{{.Swarm.LocalNodeState}}") != "inactive")
        {
            return new OwnSwarm();
        }

        await EngineFixture.DockerAsync("swarm", "init", "--advertise-addr", "127.0.0.1");
        return new OwnSwarm { IsOurs = true };
    }

    /// <summary>Removes a stack, and leaves the Swarm.</summary>
    public async Task LeaveAsync(string stack)
    {
        if (!IsOurs)
        {
            return;
        }

        // A network that the engine has removed meanwhile fails the first attempt.
        var engine = new Engine("docker", "");
        await TestTimeout.UntilAsync(async () => (await engine.RunAsync(["stack", "rm", stack], default)).ExitCode == 0, "the stack to go");
        await TestTimeout.UntilAsync(
            async () => (await EngineFixture.DockerAsync("network", "ls", "--quiet", "--filter", $"name={stack}")).Trim().Length == 0, "its network to go");
        await EngineFixture.DockerAsync("swarm", "leave", "--force");
    }
}
