using System.Text.Json.Nodes;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.OnStart;
using FlowKit.Runtime;

namespace FlowKit.Hosting.Inputs;

/// <summary>Posts what <c>on_start:</c> names, before the flow serves; what was posted before and has not changed is skipped.</summary>
/// <param name="flow">The running flow.</param>
/// <param name="config">Its configuration.</param>
/// <param name="workspace">Where it is remembered what was posted.</param>
public sealed class OnStartRunner(FlowRuntime flow, FlowConfig config, string workspace)
{
    private readonly PostedMarks _marks = new(workspace);

    /// <summary>Runs all entries.</summary>
    /// <param name="progress">Told the documents done and their total, for each entry.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The errors of documents that could not be taken, the rest were, and of what could not be remembered.</returns>
    /// <exception cref="FlowKitException">A whole request failed.</exception>
    public async Task<IReadOnlyList<FlowError>> RunAsync(Action<OnStartConfig, int, int> progress, CancellationToken cancellationToken)
    {
        var errors = new List<FlowError>();
        var kept = await FindKeptAsync(cancellationToken);
        foreach (var entry in config.OnStart)
        {
            var files = InputFiles.Find(entry.Inputs, config.BaseDirectory);
            var (name, fingerprint) = (NameOf(entry), files.Fingerprint());
            if (entry.OnlyOnce && kept.Exists(mark => mark.Entry == name && mark.Files == fingerprint))
            {
                continue;
            }

            var refused = await PostAsync(entry, files, progress, cancellationToken);
            errors.AddRange(refused);
            var mark = new PostedMark(entry.Post, name, fingerprint, files.Paths.Count - refused.Count);
            if (await RememberAsync(mark, cancellationToken) is { } forgotten)
            {
                errors.Add(forgotten);
            }
        }

        return errors;
    }

    /// <summary>Remembers what was posted. That is in the flow: one that cannot be remembered is no reason not to serve.</summary>
    private async Task<FlowError?> RememberAsync(PostedMark mark, CancellationToken cancellationToken)
    {
        try
        {
            await _marks.RememberAsync(mark, cancellationToken);
            return null;
        }
        catch (FlowKitException exception)
        {
            return exception.Error with
            {
                Message = $"on_start: what was posted to {mark.Post} is posted again at the next start, since {exception.Message}",
            };
        }
    }

    private static string NameOf(OnStartConfig entry) => $"{entry.Post} {string.Join(' ', entry.Inputs)} {entry.Parameters.ToJsonString()}";

    private async Task<IReadOnlyList<FlowError>> PostAsync(
        OnStartConfig entry, InputFiles files, Action<OnStartConfig, int, int> progress, CancellationToken cancellationToken)
    {
        var errors = new List<FlowError>();
        var done = 0;
        progress(entry, 0, files.Paths.Count);
        await foreach (var batch in files.ReadAsync(null, cancellationToken).InBatchesOf(entry.RequestSize, cancellationToken))
        {
            var count = batch.Count;
            var call = new FlowRequest(entry.Post, batch)
            {
                Parameters = new Parameters((JsonObject)entry.Parameters.DeepClone()),
                Timeout = Timeout.InfiniteTimeSpan,
            };
            var reply = await flow.SendAsync(call, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (reply.Error is { } error)
            {
                throw new FlowKitException(error with { Message = $"on_start: {entry.Post} failed: {error.Message}" });
            }

            errors.AddRange(
                reply.Documents.Where(document => document.Error is not null).Select(
                    document => document.Error! with { Message = $"{document.Uri}: {document.Error!.Message}" }));
            progress(entry, done += count, files.Paths.Count);
        }

        return errors;
    }

    /// <summary>
    /// The marks that still hold: an index has at least as many documents as were posted to its endpoint, all entries together.
    /// </summary>
    private async Task<List<PostedMark>> FindKeptAsync(CancellationToken cancellationToken)
    {
        var names = config.OnStart.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var marks = (await _marks.ReadAsync(cancellationToken)).Where(mark => names.Contains(mark.Entry)).ToList();
        if (marks.Count == 0 || !flow.Answers("/status"))
        {
            return [];
        }

        var reply = await flow.SendAsync(new FlowRequest("/status", []), cancellationToken);
        var held = reply.Results?.Max(result => CountOf(result.Value)) ?? 0;
        var whole = marks.GroupBy(mark => mark.Post).Where(posted => posted.Sum(mark => (double)mark.Taken) <= held);
        return [.. whole.SelectMany(posted => posted)];
    }

    private static double? CountOf(JsonNode? status) =>
        status is JsonObject values && values["num_docs"] is JsonValue count && count.TryGetValue<double>(out var number) ? number : null;
}
