// hnswlib as a C++ program on this CPU: hnsw_native FOLDER ROWS DIMENSION ; rates for each second of one core.
#include <hnswlib/hnswlib.h>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <set>
#include <string>
#include <vector>

static std::vector<float> read(const std::string& path, size_t dimension) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::vector<float> values(static_cast<size_t>(file.tellg()) / sizeof(float));
  file.seekg(0).read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
  for (size_t row = 0; row < values.size(); row += dimension) {
    double sum = 0;
    for (size_t i = row; i < row + dimension; i++) sum += static_cast<double>(values[i]) * values[i];
    for (size_t i = row; i < row + dimension; i++) values[i] = static_cast<float>(values[i] / std::sqrt(sum));
  }
  return values;
}

static double cpu() { return static_cast<double>(clock()) / CLOCKS_PER_SEC; }

int main(int, char** arguments) {
  const std::string folder = arguments[1];
  const size_t rows = std::stoul(arguments[2]), dimension = std::stoul(arguments[3]), limit = 10, rounds = 8;
  const auto base = read(folder + "/base.f32", dimension), queries = read(folder + "/query.f32", dimension);
  std::ifstream truth_file(folder + "/truth.i32", std::ios::binary);
  std::vector<int> truth(queries.size() / dimension * limit);
  truth_file.read(reinterpret_cast<char*>(truth.data()), static_cast<std::streamsize>(truth.size() * sizeof(int)));

  hnswlib::InnerProductSpace space(dimension);
  hnswlib::HierarchicalNSW<float> graph(&space, rows, 16, 200);
  auto began = cpu();
  for (size_t row = 0; row < rows; row++) graph.addPoint(&base[row * dimension], row);
  graph.saveIndex(folder + "/native.bin");
  std::ifstream saved(folder + "/native.bin", std::ios::binary | std::ios::ate);
  std::printf("hnsw %.0f rows/s to build, %.0f MB\n", rows / (cpu() - began), static_cast<double>(saved.tellg()) / 1e6);
  for (size_t ef : {10, 16, 24, 32, 48, 64, 96, 128, 256}) {
    graph.setEf(ef);
    size_t hits = 0;
    began = cpu();
    for (size_t round = 0; round < rounds; round++) {
      for (size_t query = 0; query * dimension < queries.size(); query++) {
        auto found = graph.searchKnn(&queries[query * dimension], limit);
        if (round > 0) continue;
        const std::set<size_t> nearest(&truth[query * limit], &truth[(query + 1) * limit]);
        for (; !found.empty(); found.pop()) hits += nearest.count(found.top().second);
      }
    }
    std::printf("hnsw, ef %zu %.0f q/s recall@10 %.4f\n", ef, rounds * queries.size() / dimension / (cpu() - began),
                static_cast<double>(hits) / truth.size());
  }
}
