#include "policy/load_sensors.h"

#include <utility>

namespace semcached {

LoadSensors::LoadSensors(const LoadConfig& config, std::vector<const LoadSensor*> sensors)
    : config_(config), sensors_(std::move(sensors)) {}

std::set<std::string, std::less<>> LoadSensors::Models() const {
  std::set<std::string, std::less<>> models;
  for (const LoadSensor* sensor : sensors_) {
    for (std::string& model : sensor->Models()) models.insert(std::move(model));
  }
  for (std::string& model : manual_.Models()) models.insert(std::move(model));
  return models;
}

LoadReading LoadSensors::Read(std::string_view model, MonotonicTime now) const {
  LoadReading reading;
  for (const LoadSensor* sensor : sensors_) {
    reading.sensors.push_back({sensor->Name(), sensor->Utilization(model, now)});
  }
  reading.fused = Fuse(config_, reading.sensors);
  reading.sensors.push_back({manual_.Name(), manual_.Utilization(model, now)});
  if (reading.sensors.back().utilization) {
    reading.fused = {reading.sensors.back().utilization, manual_.Name()};
  }
  return reading;
}

ModelLoadView LoadSensors::View(const std::string& model, MonotonicTime now) const {
  LoadReading reading = Read(model, now);
  ModelLoadView view;
  view.model = model;
  view.fused = std::move(reading.fused);
  view.manual_remaining = manual_.Remaining(model, now);
  for (size_t i = 0; i < sensors_.size(); ++i) {
    SensorReading& sensor = reading.sensors[i];
    view.sensors.push_back(
        {std::move(sensor.sensor), sensor.utilization, sensors_[i]->Problem(model, now)});
  }
  SensorReading& manual = reading.sensors.back();
  if (manual.utilization)
    view.sensors.push_back({std::move(manual.sensor), manual.utilization, ""});
  return view;
}

}  // namespace semcached
