"""Lets two programs take turns: ABAB..., one line in for each pass, one line of seconds out. Prints the comparison."""
import argparse
import json
import statistics
import subprocess


def start(command, core):
    return subprocess.Popen(["taskset", "-c", core, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def turn(process):
    process.stdin.write("\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--core", default="0")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--warm-up", type=int, default=6)
    parser.add_argument("--photos", type=int, required=True)
    parser.add_argument("--goal", type=float, default=2.0)
    parser.add_argument("ours")
    parser.add_argument("peer")
    options = parser.parse_args()
    sides = {name: start(json.loads(getattr(options, name)), options.core) for name in ("ours", "peer")}
    for _ in range(options.warm_up):
        for process in sides.values():
            turn(process)
    seconds = {name: [] for name in sides}
    for _ in range(options.repeats):
        for name, process in sides.items():
            seconds[name].append(turn(process))
    for process in sides.values():
        process.stdin.close()
        process.wait()
    for name, values in seconds.items():
        rates = sorted(options.photos / value for value in values)
        print(f"{name}: median {statistics.median(rates):.0f} min {rates[0]:.0f} max {rates[-1]:.0f} images/s on one core, {len(values)} passes")
    ratio = statistics.median(seconds["peer"]) / statistics.median(seconds["ours"])
    print(f"R11 {ratio:.2f} (goal >= {options.goal:.1f}) {'ok' if ratio >= options.goal else 'short'}")


if __name__ == "__main__":
    main()
