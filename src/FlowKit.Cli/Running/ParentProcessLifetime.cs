using System.Text;
using Microsoft.Extensions.Hosting;

namespace FlowKit.Cli.Running;

/// <summary>
/// Ends a worker with the gateway that started it, which holds the worker's input open as long as it lives. The first line says what runs.
/// </summary>
internal sealed class ParentProcessLifetime : IHostLifetime, IDisposable
{
    private readonly StreamReader _input;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ParentProcessLifetime(Stream input) => _input = new StreamReader(input, Encoding.UTF8);

    /// <summary>Completes when the gateway is gone.</summary>
    public Task Ended => _end.Task;

    /// <summary>Ends when the gateway is gone.</summary>
    public CancellationToken Token => _ended.Token;

    /// <summary>Reads the first line, and watches the rest from then on.</summary>
    /// <exception cref="FlowKitException">There is none.</exception>
    public async Task<string> ReadEntryAsync(CancellationToken cancellationToken)
    {
        var entry = await Task.Run(() => _input.ReadLine(), CancellationToken.None).WaitAsync(cancellationToken)
            ?? throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                "--entry: a gateway writes the executor's entry to the input, which is empty; without a gateway name the executor with "
                    + "--uses");

        // A pipe is read by a thread that blocks, which a cancellation could not end: it ends with the process.
        new Thread(Watch) { IsBackground = true, Name = "FlowKit parent process" }.Start();
        return entry;
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _ended.Dispose();

    private void Watch()
    {
        try
        {
            while (_input.ReadLine() is not null)
            {
                // Nothing more is said.
            }
        }
        catch (IOException)
        {
            // The same as its end.
        }

        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        _end.TrySetResult();
    }
}
