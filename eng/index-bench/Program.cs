using System.Globalization;
using FlowKit.IndexBench;

// IndexBench [ROWS] [DIMENSION] [FOLDER] : rates for each second of one core's time, so that what else runs on the machine counts little;
// into the folder the vectors and queries are written as floats, for other programs to search.
// IndexBench write|open FOLDER ROWS DIMENSION [hnsw] : a whole index on the disk; open is for a process of its own.
if (args.Length > 0 && args[0] is "write" or "open")
{
    var (folder, count, length) = (args[1], int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
    await (args[0] == "write"
        ? StoreBench.WriteAsync(folder, count, length, args.Contains("hnsw"), Console.Out)
        : StoreBench.OpenAsync(folder, count, length, args.Contains("hnsw"), Console.Out));
    return;
}

var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 25_000;
var dimension = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 512;
SearchBench.Run(rows, dimension, args.ElementAtOrDefault(2), Console.Out);
