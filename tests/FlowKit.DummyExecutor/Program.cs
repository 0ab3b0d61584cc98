// Indexes documents in a loop and prints each id once the index has acknowledged it.
//   FlowKit.DummyExecutor <workspace> <first> <count> [<memmap_threshold>] : documents doc-<first> …; then waits until its input ends
using System.Globalization;
using FlowKit;
using FlowKit.DummyExecutor;
using FlowKit.Executors;

var (first, count) = (int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
var options = new VectorIndexerOptions();
if (args.Length > 3)
{
    options.MemmapThreshold = int.Parse(args[3], CultureInfo.InvariantCulture);
}

var context = new ExecutorContext { Name = "indexer", Workspace = args[0] };
await using var indexer = (VectorIndexer)Executor.Construct(context, () => new VectorIndexer(options));
try
{
    await indexer.LoadAsync(CancellationToken.None);
}
catch (FlowKitException exception)
{
    Console.WriteLine($"{exception.Error.Code}: {exception.Message}");
    return 1;
}

using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
output.WriteLine("ready");
for (var number = first; number < first + count; number++)
{
    var document = KnownDocument.Make(number);
    await indexer.IndexAsync([document], CancellationToken.None);
    output.WriteLine(document.Error?.Message ?? document.Id);
}

Console.In.ReadToEnd();
return 0;
