using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace EtcdMaint.Engine.Tests.Reports;

/// <summary>
/// Reports whose properties all have random values, in the precision of the JSON. A property that is added to a record
/// is filled too, so that a test shows whether the JSON contains it.
/// </summary>
internal static class RandomReports
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public;

    private static readonly string[] Texts =
    [
        "etcd-1",
        "",
        "a \"quoted\" <name> & more",
        "two\nlines\tand \u202E\u2028 controls",
        "Überwachung 中文 🚀",
        "C:\\path\\file",
    ];

    /// <summary>What the rows of a report never have, or have from the report or from other properties.</summary>
    private static readonly string[] Omitted =
    [
        $"{nameof(EtcdMemberStatus)}.{nameof(EtcdMemberStatus.ReadAt)}",
        $"{nameof(EtcdMemberStatus)}.{nameof(EtcdMemberStatus.WritesPerSecond)}",
        $"{nameof(EtcdMemberStatus)}.{nameof(EtcdMemberStatus.GrowthBytesPerSecond)}",
        $"{nameof(EtcdSpaceUsage)}.{nameof(EtcdSpaceUsage.WritesPerSecond)}",
        $"{nameof(EtcdSpaceUsage)}.{nameof(EtcdSpaceUsage.BytesWrittenPerSecond)}",
        $"{nameof(EtcdSpaceUsage)}.{nameof(EtcdSpaceUsage.Revisions)}",
        $"{nameof(EtcdSpaceUsage)}.{nameof(EtcdSpaceUsage.DeadBytes)}",
        $"{nameof(EtcdSpaceUsage)}.{nameof(EtcdSpaceUsage.Command)}",
        $"{nameof(EtcdSpaceUsage)}.{nameof(EtcdSpaceUsage.SnapshotPath)}",
        $"{nameof(EtcdMember)}.{nameof(EtcdMember.ClientUrl)}",
        $"{nameof(EtcdMember)}.{nameof(EtcdMember.PeerUrl)}",
    ];

    public static EtcdMaintenanceReport Create(int seed, EtcdMaintenanceStatus? status = null)
    {
        var random = new Random(seed);
        var report = (EtcdMaintenanceReport)Fill(
            typeof(EtcdMaintenanceReport),
            random,
            Text(random),
            random.Next(3) == 0 ? "" : "21517abe529b8342"
        );
        typeof(EtcdMaintenanceReport)
            .GetProperty("ChangeBegan", BindingFlags.Instance | BindingFlags.NonPublic)!
            .SetValue(report, random.Next(2) == 0);
        if (status is not null)
        {
            typeof(EtcdMaintenanceReport).GetProperty(nameof(EtcdMaintenanceReport.Status))!.SetValue(report, status);
            report.IsResumed = false;
        }
        return report;
    }

    /// <summary>Every value of the report, for a comparison.</summary>
    public static string Describe(EtcdMaintenanceReport report)
    {
        var text = new StringBuilder($"ChangeBegan={report.ChangeBegan}\n");
        Describe(report, "", text);
        return text.ToString();
    }

    private static object Fill(Type type, Random random, string clusterName, string clusterId)
    {
        object row = Activator.CreateInstance(type)!;
        foreach (PropertyInfo property in type.GetProperties(All).Where(p => p.CanWrite && !IsOmitted(p)))
        {
            object? value = property.Name switch
            {
                nameof(EtcdMaintenanceReport.ClusterName) => clusterName,
                nameof(EtcdMaintenanceReport.ClusterId) => clusterId,
                nameof(EtcdDefragResult.Member) => null,
                _ => IsNull(property, random) ? null : Value(property.PropertyType, random, clusterName, clusterId),
            };
            property.SetValue(row, value);
        }
        if (type.GetProperty(nameof(EtcdDefragResult.Member)) is { CanWrite: true } member)
            member.SetValue(row, MemberOf(row, random));
        return row;
    }

    /// <summary>The member of a row has the values that the row itself shows.</summary>
    private static EtcdMember MemberOf(object row, Random random) =>
        new()
        {
            ClusterName = (string)Get(row, nameof(EtcdMember.ClusterName))!,
            ClusterId = (string)Get(row, nameof(EtcdMember.ClusterId))!,
            MemberId = (string)Get(row, nameof(EtcdMember.MemberId))!,
            MemberName = (string)Get(row, nameof(EtcdMember.MemberName))!,
            Endpoint = (string?)Get(row, nameof(EtcdMember.Endpoint)),
            IsLearner = Get(row, nameof(EtcdMember.IsLearner)) is { } isLearner
                ? (bool)isLearner
                : row is EtcdDefragResult && random.Next(2) == 0,
            PodName = (string?)Get(row, nameof(EtcdMember.PodName)),
            NodeName = (string?)Get(row, nameof(EtcdMember.NodeName)),
        };

    private static object? Get(object row, string name) => row.GetType().GetProperty(name)?.GetValue(row);

    private static bool IsOmitted(PropertyInfo property) =>
        Omitted.Contains($"{property.DeclaringType!.Name}.{property.Name}");

    private static bool IsNull(PropertyInfo property, Random random) =>
        new NullabilityInfoContext().Create(property).ReadState is NullabilityState.Nullable && random.Next(3) == 0;

    private static object Value(Type declared, Random random, string clusterName, string clusterId)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(string))
            return Text(random);
        if (type == typeof(long))
            return random.NextInt64(-1, 1L << 53);
        if (type == typeof(int))
            return random.Next(int.MinValue, int.MaxValue);
        if (type == typeof(bool))
            return random.Next(2) == 0;
        if (type == typeof(double))
            return Math.Round(random.NextDouble(), 4);
        if (type == typeof(TimeSpan))
            return TimeSpan.FromMilliseconds(random.NextInt64(-1000, 100_000_000_000));
        if (type == typeof(DateTimeOffset))
            return DateTimeOffset.UnixEpoch.AddMilliseconds(random.NextInt64(0, 4_000_000_000_000));
        if (type.IsEnum)
            return Enum.GetValues(type) is var values ? values.GetValue(random.Next(values.Length))! : 0;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EtcdList<>))
            return ListOf(type, random, clusterName, clusterId);
        return Fill(type, random, clusterName, clusterId);
    }

    private static object ListOf(Type type, Random random, string clusterName, string clusterId)
    {
        Type element = type.GenericTypeArguments[0];
        var values = Array.CreateInstance(element, random.Next(4));
        for (int i = 0; i < values.Length; i++)
            values.SetValue(Value(element, random, clusterName, clusterId), i);
        return Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.NonPublic, null, [values], null)!;
    }

    private static string Text(Random random) => Texts[random.Next(Texts.Length)];

    private static void Describe(object? value, string path, StringBuilder text)
    {
        switch (value)
        {
            case null or string or bool or Enum or long or int or double or TimeSpan:
                text.Append(CultureInfo.InvariantCulture, $"{path}={value ?? "null"}\n");
                break;
            case DateTimeOffset time:
                text.Append(CultureInfo.InvariantCulture, $"{path}={time.UtcTicks}\n");
                break;
            case IEnumerable list:
                int index = 0;
                text.Append(CultureInfo.InvariantCulture, $"{path}=list\n");
                foreach (object? item in list)
                    Describe(item, $"{path}[{index++}]", text);
                break;
            default:
                foreach (PropertyInfo property in value.GetType().GetProperties(All))
                    Describe(property.GetValue(value), $"{path}.{property.Name}", text);
                break;
        }
    }
}
