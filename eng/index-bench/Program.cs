using System.Globalization;
using FlowKit.IndexBench;

// IndexBench [ROWS] [DIMENSION] [FOLDER] : rates for each second of one core's time, so that what else runs on the machine counts little;
// into the folder the vectors and queries are written as floats, for other programs to search.
var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 25_000;
var dimension = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 512;
SearchBench.Run(rows, dimension, args.ElementAtOrDefault(2), Console.Out);
