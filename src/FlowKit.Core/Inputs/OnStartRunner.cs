using System.Text.Json;
using FlowKit.Configuration;
using FlowKit.Runtime;

namespace FlowKit.Inputs;

/// <summary>Posts what <c>on_start:</c> names, before the flow serves; what was posted before and has not changed is skipped.</summary>
/// <param name="flow">The running flow.</param>
/// <param name="config">Its configuration.</param>
/// <param name="workspace">Where it is remembered what was posted.</param>
public sealed class OnStartRunner(FlowRuntime flow, FlowConfig config, string workspace)
{
    private string MarkerPath => Path.Combine(workspace, "on_start.json");

    /// <summary>Runs all entries.</summary>
    /// <param name="progress">Told the documents done and their total, for each entry.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The errors of documents that could not be taken; the rest were.</returns>
    /// <exception cref="FlowKitException">A whole request failed.</exception>
    public async Task<IReadOnlyList<FlowError>> RunAsync(Action<OnStartConfig, int, int> progress, CancellationToken cancellationToken)
    {
        var errors = new List<FlowError>();
        foreach (var entry in config.OnStart)
        {
            var files = InputFiles.Find(entry.Inputs, config.BaseDirectory);
            var mark = $"{entry.Post} {files.Fingerprint()}";
            if (!entry.OnlyOnce || !await IsDoneAsync(mark, files.Paths.Count, cancellationToken))
            {
                errors.AddRange(await PostAsync(entry, files, progress, cancellationToken));
                await RememberAsync(mark, cancellationToken);
            }
        }

        return errors;
    }

    private async Task<IReadOnlyList<FlowError>> PostAsync(OnStartConfig entry, InputFiles files, Action<OnStartConfig, int, int> progress, CancellationToken cancellationToken)
    {
        var errors = new List<FlowError>();
        var done = 0;
        progress(entry, 0, files.Paths.Count);
        await foreach (var batch in files.ReadAsync(cancellationToken).InBatchesOf(entry.RequestSize, cancellationToken))
        {
            var count = batch.Count;
            var call = new FlowCall(entry.Post, batch) { Parameters = new Parameters((System.Text.Json.Nodes.JsonObject)entry.Parameters.DeepClone()), Timeout = Timeout.InfiniteTimeSpan };
            var reply = await flow.SendAsync(call, cancellationToken);
            if (reply.Error is { } error)
            {
                throw new FlowKitException(error with { Message = $"on_start: {entry.Post} failed: {error.Message}" });
            }

            errors.AddRange(reply.Documents.Where(document => document.Error is not null).Select(document => document.Error! with { Message = $"{document.Uri}: {document.Error!.Message}" }));
            progress(entry, done += count, files.Paths.Count);
        }

        return errors;
    }

    /// <summary>Done means that it was posted and that the index still holds at least as many documents.</summary>
    private async Task<bool> IsDoneAsync(string mark, int count, CancellationToken cancellationToken)
    {
        var marks = await ReadMarksAsync(cancellationToken);
        if (!marks.Contains(mark) || !flow.Answers("/status"))
        {
            return false;
        }

        var reply = await flow.SendAsync(new FlowCall("/status", []), cancellationToken);
        return reply.Results?.Any(result => result.Value?["num_docs"] is { } number && number.GetValue<long>() >= count) ?? false;
    }

    private async Task<List<string>> ReadMarksAsync(CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<List<string>>(await File.ReadAllBytesAsync(MarkerPath, cancellationToken)) ?? [];
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return [];
        }
    }

    private async Task RememberAsync(string mark, CancellationToken cancellationToken)
    {
        var marks = await ReadMarksAsync(cancellationToken);
        marks.RemoveAll(old => old.Split(' ')[0] == mark.Split(' ')[0]);
        marks.Add(mark);
        Directory.CreateDirectory(workspace);
        await File.WriteAllBytesAsync(MarkerPath, JsonSerializer.SerializeToUtf8Bytes(marks), cancellationToken);
    }
}
