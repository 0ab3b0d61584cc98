using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Orchestration.Launching.Containers;

namespace FlowKit.Orchestration.Swarm;

/// <summary>The services of a stack, as the engine's own commands tell and change them.</summary>
/// <param name="engine">The engine, of a manager.</param>
/// <param name="stack">The stack's name.</param>
internal sealed class SwarmServices(Engine engine, string stack)
{
    /// <summary>Reads all services.</summary>
    /// <exception cref="FlowKitException">The engine does not tell, or has no such stack.</exception>
    public async Task<IReadOnlyList<SwarmService>> ReadAsync(CancellationToken cancellationToken)
    {
        var names = (await AskAsync(
            ["service", "ls", "--filter", $"label=com.docker.stack.namespace={stack}", "--format", "{{.Name}}"],
            cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length == 0)
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"The engine knows no stack '{stack}'.");
        }

        var told = await AskAsync(["service", "inspect", .. names], cancellationToken);
        try
        {
            return [.. JsonNode.Parse(told)!.AsArray().Select(service => Of(service!.AsObject()))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new FlowKitException(
                FlowErrorCode.Internal, $"The engine tells of services what is not understood: {exception.Message}", exception);
        }
    }

    /// <summary>Changes how many replicas a service has.</summary>
    public Task ScaleAsync(string service, int replicas, CancellationToken cancellationToken) => AskAsync(
        ["service", "scale", "--detach", string.Create(CultureInfo.InvariantCulture, $"{service}={replicas}")], cancellationToken);

    /// <summary>Goes back to the version of a service before its last change.</summary>
    public Task RollBackAsync(string service, CancellationToken cancellationToken) =>
        AskAsync(["service", "rollback", "--detach", service], cancellationToken);

    /// <summary>Counts the tasks of each service that run, by its name.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountRunningAsync(CancellationToken cancellationToken)
    {
        var told = await AskAsync(
            ["service", "ls", "--filter", $"label=com.docker.stack.namespace={stack}", "--format", "{{.Name}} {{.Replicas}}"],
            cancellationToken);
        return told.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', '/'))
            .Where(parts => parts.Length > 1)
            .ToDictionary(
                parts => parts[0],
                parts => int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0,
                StringComparer.Ordinal);
    }

    /// <summary>Returns the errors of tasks that failed, each once.</summary>
    public async Task<IReadOnlyList<string>> FindErrorsAsync(CancellationToken cancellationToken)
    {
        var told = await AskAsync(["stack", "ps", "--no-trunc", "--format", "{{.Name}}\t{{.Error}}", stack], cancellationToken);
        return [.. told.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .Where(parts => parts.Length > 1 && parts[1].Trim().Length > 0)
            .Select(parts => $"{parts[0]}: {parts[1].Trim()}")
            .Distinct(StringComparer.Ordinal)
            .Take(10)];
    }

    private static SwarmService Of(JsonObject service)
    {
        var spec = service["Spec"]!.AsObject();
        var labels = spec["Labels"]?.AsObject();
        return new SwarmService(
            (string)spec["Name"]!,
            (int?)spec["Mode"]?["Replicated"]?["Replicas"] ?? 0,
            (long)service["Version"]!["Index"]!,
            (string?)service["UpdateStatus"]?["State"],
            (string?)service["UpdateStatus"]?["Message"])
        {
            HasPrevious = service["PreviousSpec"] is not null,
            Executor = (string?)labels?[AutoscaleLabels.Executor],
            Limits = (string?)labels?[AutoscaleLabels.Limits] is { } label ? AutoscaleLabels.Read(label) : null,
        };
    }

    private async Task<string> AskAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var answer = await engine.RunAsync(arguments, cancellationToken);
        return answer.ExitCode == 0
            ? answer.Output
            : throw new FlowKitException(
                FlowErrorCode.Unavailable, $"'{engine.Command} {string.Join(' ', arguments.Take(2))}' failed: {answer.LastError}");
    }
}
