using EtcdMaint.Benchmarks;
using EtcdMaint.Benchmarks.Contenders;
using EtcdMaint.Benchmarks.Results;
using EtcdMaint.TestCluster;

if (args is [HostedShell.Flag, var script])
    return HostedShell.Run(script);

BenchmarkOptions options;
IReadOnlyList<IMeasure> measures;
try
{
    options = BenchmarkOptions.Parse(args);
    measures = AllMeasures.Choose(options.Only);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
if (options.List)
{
    foreach (IMeasure measure in measures)
        Console.WriteLine($"{measure.Name, -14} {measure.Question}");
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
DateTimeOffset startedAt = DateTimeOffset.UtcNow;
EtcdBinaries etcd = await EtcdReleases.DefaultAsync();
Shell shell = await Shell.FindAsync();
var machine = Machine.Describe(etcd.ToString(), shell.Name);
Console.WriteLine($"{startedAt:yyyy-MM-dd}, {options.Extent.ToString().ToLowerInvariant()} run: {machine}");

var run = new BenchmarkRun(options, etcd, shell, stop.Token);
var results = new List<MeasureResult>();
bool failed = false;
foreach (IMeasure measure in measures)
{
    BenchmarkRun.Say($"{measure.Name}: {measure.Question}");
    try
    {
        results.Add(await measure.RunAsync(run));
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        break;
    }
    catch (Exception error)
    {
        // A failing measure must not discard the hours of the others.
        Console.Error.WriteLine(error);
        results.Add(new MeasureResult(measure.Name, [], error.Message));
        failed = true;
    }
    if (options.JsonPath is { } path)
        JsonReport.Write(path, startedAt, options.Extent, machine, results);
}
Console.WriteLine();
ConsoleTable.Write(Console.Out, results);
if (options.Extent is Extent.Short)
    Console.WriteLine("- a short run: its figures mean little, and the targets apply to a full run");
return failed || stop.IsCancellationRequested ? 1 : 0;
