using System.Globalization;
using FlowKit.IndexBench;

// IndexBench [ROWS] [DIMENSION] : rates for each second of one core's time, so that what else runs on the machine counts little.
var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 25_000;
var dimension = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 512;
SearchBench.Run(rows, dimension, Console.Out);
