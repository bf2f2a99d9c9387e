namespace EtcdMaint.Benchmarks;

/// <summary>The extent of a run.</summary>
internal enum Extent
{
    /// <summary>Verifies in a minute or two that every measure works; its figures mean little.</summary>
    Short,

    Full,

    /// <summary>Includes cases that take many minutes and gigabytes.</summary>
    Long,
}

/// <summary>The command line.</summary>
internal sealed record BenchmarkOptions(
    Extent Extent,
    IReadOnlyList<string> Only,
    string? JsonPath,
    int? Rounds,
    bool List
)
{
    public const string Usage = """
        dotnet run -c Release --project benchmarks --
              [--short | --long] [--only NAME]... [--rounds N] [--json FILE] [--list]
        """;

    /// <exception cref="ArgumentException">An argument is unknown or has no value.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        var extent = Extent.Full;
        var only = new List<string>();
        string? json = null;
        int? rounds = null;
        bool list = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string Value() =>
                ++i < arguments.Count
                    ? arguments[i]
                    : throw new ArgumentException($"{arguments[i - 1]} has no value. {Usage}");
            switch (arguments[i])
            {
                case "--short":
                    extent = Extent.Short;
                    break;
                case "--long":
                    extent = Extent.Long;
                    break;
                case "--list":
                    list = true;
                    break;
                case "--only":
                    only.AddRange(
                        Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    );
                    break;
                case "--json":
                    json = Path.GetFullPath(Value());
                    break;
                case "--rounds":
                    rounds =
                        int.TryParse(Value(), out int given) && given > 0
                            ? given
                            : throw new ArgumentException($"--rounds requires a number. {Usage}");
                    break;
                default:
                    throw new ArgumentException($"{arguments[i]} is unknown. {Usage}");
            }
        }
        return new BenchmarkOptions(extent, only, json, rounds, list);
    }
}
